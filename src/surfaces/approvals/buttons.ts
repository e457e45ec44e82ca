import type { ModalView } from '@slack/types'
import { decide } from '../../approvals/decide.ts'
import { decidersView, namespacesOf } from '../../approvals/deciders-view.ts'
import { republishCard } from '../../approvals/publish-card.ts'
import { findRequest, withdraw } from '../../approvals/request.ts'
import { type Choice, resolveUnknown, retryRequest } from '../../approvals/resolve-unknown.ts'
import { followRequest } from '../../approvals/talk/follow.ts'
import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import { translator } from '../../core/i18n.ts'
import { slash } from '../../core/slash-command.ts'
import { identify } from '../../security/identity.ts'
import { translatorFor } from '../../security/language.ts'
import { bold, code, message } from '../../slack/blocks.ts'
import { teamOf } from '../../slack/clients.ts'
import { reply } from '../../slack/reply.ts'
import { failureMessage } from '../handle.ts'
import { whileHomeResponds } from '../home/responding.ts'
import { noticeModal } from '../modals/modal.ts'
import { openCommand } from '../modals/open.ts'
import { rememberOrigin } from '../modals/origins.ts'
import { notOpened, openView, showView, withPlaceholder } from '../modals/placeholder.ts'
import { type Press, viewOf } from '../press.ts'
import { findReply } from '../reply-store.ts'
import { runPressed } from '../run-pressed.ts'
import { offeredInput, reasonModal, reasonTitle } from './offer.ts'
import { whileResponding } from './responding.ts'

/** Request id and revision, which every button of a request carries. */
function aboutOf({ value }: Press) {
  const [id = '', revision = ''] = value.split(' ')
  return { id, revision }
}

/** *Approve*, on the card, on an approver's copy, in a reply, in App Home or in a modal. */
export async function approveRequest(bot: Bot, press: Press) {
  const { id, revision } = aboutOf(press)
  const { user, reference, view } = press
  await drawnHere(bot, press, id)
  const work = () => decide(bot, { id, revision, decision: 'approved', user, reference })
  if (view?.type === 'home') return whileHomeResponds(bot, press, id, work)
  if (view?.type === 'modal') return inModal(bot, press, id, work)
  await whileResponding(bot, press, id, work)
  if (!press.ephemeral) return
  const t = translator((await identify(bot, user)).language)
  await reply(bot.slack, press.log, press.to, message(t('Approved request {id}.', { id: code(id) })))
}

/** The modal shows what came of it, or why not. */
async function inModal(bot: Bot, press: Press, id: string, work: () => Promise<unknown>) {
  const opened = { id: viewOf(press).id, name: press.view?.external_id ?? '' }
  const t = await translatorFor(bot, press.user)
  const title = t.plain('Request')
  await showView(bot, opened, noticeModal(title, message(t('One moment…')), t))
  const said = await work().then(
    () => message(t('Approved request {id}.', { id: code(id) })),
    (error: unknown) => failureMessage(bot, press.user, press.log, press.reference, error),
  )
  if ((await showView(bot, opened, noticeModal(title, said, t))) !== 'shown') await reply(bot.slack, press.log, press.to, said)
}

/** *Deny* asks for the reason first. */
export async function openDenial(bot: Bot, press: Press) {
  const { id, revision } = aboutOf(press)
  const t = translator(bot.config.LANGUAGE)
  const carried = { id, revision, channel: press.channel, ts: press.ts, ephemeral: press.ephemeral }
  const about = t('Reason for denying request {id} (shown to the requester)', { id: code(id) })
  await openReason(bot, press, reasonModal('denial', carried, about, { required: true, t }))
  await drawnHere(bot, press, id)
}

/** Opens it, or shows it in the modal of the button. */
async function openReason(bot: Bot, { trigger, view }: Press, modal: ModalView) {
  if (view?.type === 'modal') return void (await showView(bot, { id: view.id, name: view.external_id ?? '' }, modal))
  const opened = await openView(bot, trigger, modal)
  if ('problem' in opened) throw notOpened(opened.problem)
}

/** *Comment* of an approver, *Answer* of the requester: the modal opens at once, and who sends it is checked then. */
export async function openComment(bot: Bot, press: Press) {
  const { id } = aboutOf(press)
  const t = translator(bot.config.LANGUAGE)
  const about = t('Comment on request {id}. It is shown on the request and does not approve or deny it.', { id: code(id) })
  await openReason(bot, press, reasonModal('comment', { id, channel: press.channel }, about, { required: true, t }))
  await drawnHere(bot, press, id)
}

/** *Follow this request*, below the offer to request what somebody else has requested already. */
export async function follow(bot: Bot, press: Press) {
  const person = await identify(bot, press.user)
  const row = await findReply(bot, person, press.value)
  const { same = '' } = offeredInput(bot, row)
  const request = await followRequest(bot, same, person, row)
  const t = translator(person.language)
  const said = t('You follow request {id} of {requester}. You’ll get a direct message when it ends.', {
    id: code(request.id),
    requester: bold(request.name),
  })
  await reply(bot.slack, press.log, { ...press.to, replace: press.ephemeral }, message(said))
}

/** Publishes a card that the row does not know (after a crash) in its present state, when somebody presses its buttons. */
async function drawnHere(bot: Bot, { channel, ts }: Press, id: string) {
  const request = await findRequest(bot.db, id)
  if (channel === request.rule.channel && ts !== undefined && request.cardTs && ts !== request.cardTs) await republishCard(bot, request, ts)
}

/** *Show*, of first contact: the requests that wait for the person. */
export async function showWaiting(bot: Bot, press: Press) {
  await runPressed(bot, press, { name: 'request list', given: { state: 'waiting' }, key: press.trigger })
}

/** *Withdraw*, in the requester's direct message. */
export async function withdrawRequest(bot: Bot, press: Press) {
  await withdraw(bot, aboutOf(press).id, await identify(bot, press.user), press.reference)
}

/** *Retry* under the checklist of an approved request continues with the failed step. */
export async function retryRequestSteps(bot: Bot, press: Press) {
  await retryRequest(bot, aboutOf(press).id, press.user, press.reference)
}

/** *Ask again*, under the message that tells the requester of the end, opens the command with what was asked for. */
export async function askAgain(bot: Bot, press: Press) {
  const { requester, operation, input } = await findRequest(bot.db, aboutOf(press).id)
  const one = (id: string) => bot.slack.aliases.get(id) ?? id
  if (one(requester) !== one(press.user)) throw new Failure('denied', 'Only the requester can request it again.')
  await openCommand(bot, { trigger: press.trigger, operation, given: input, channel: press.channel, dryRun: false }, press.to, press)
}

/** One of the three choices for a request in state `unknown`. */
export function chooseOutcome(choice: Choice) {
  return (bot: Bot, press: Press) => resolveUnknown(bot, { ...aboutOf(press), choice, user: press.user, reference: press.reference })
}

/** *Request* below a refusal. */
export async function openRequest(bot: Bot, press: Press) {
  const title = reasonTitle('request', translator(bot.config.LANGUAGE))
  const { shown, failed } = await withPlaceholder(bot, press, title, async (name) => {
    rememberOrigin(name, press.to.respond)
    const row = await findReply(bot, { id: press.user, team: teamOf(bot.slack) }, press.value)
    const t = translator((await identify(bot, press.user)).language)
    const { rule, reason } = offeredInput(bot, row)
    const about = t('Request approval for {command}. {deciders}', {
      command: code(slash(row.operation)),
      deciders: { markup: decidersView(rule, t, namespacesOf(row.operation, row.input)) },
    })
    const required = rule.reason.required || rule.reason.pattern !== undefined
    return reasonModal('request', { reply: row.id, channel: press.channel }, about, { required, reason, t })
  })
  if (shown === 'shown') return
  if (failed) await reply(bot.slack, press.log, press.to, failed)
  else if (shown === 'late') throw new Failure('unavailable', 'Slack did not open the dialog.')
}
