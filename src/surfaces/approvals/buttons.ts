import { noticesOf } from '../../approvals/approver-notices.ts'
import { decidersView, requestMessage } from '../../approvals/card.ts'
import { decide } from '../../approvals/decide.ts'
import { republishCard } from '../../approvals/publish-card.ts'
import { drawAgain, findRequest, votesOn, withdraw } from '../../approvals/request.ts'
import { type Choice, resolveUnknown, retryRequest } from '../../approvals/resolve-unknown.ts'
import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import { translator } from '../../core/i18n.ts'
import { slash } from '../../core/slash-command.ts'
import { identify } from '../../security/identity.ts'
import { code, mention, message, note } from '../../slack/blocks.ts'
import { teamOf } from '../../slack/clients.ts'
import { editCard } from '../../slack/post-once.ts'
import { reply } from '../../slack/reply.ts'
import { openCommand } from '../modals/open.ts'
import { rememberOrigin } from '../modals/origins.ts'
import { notOpened, openView, withPlaceholder } from '../modals/placeholder.ts'
import type { Press } from '../press.ts'
import { findReply } from '../reply-store.ts'
import { runPressed } from '../run-pressed.ts'
import { offeredInput, reasonModal } from './offer.ts'

/** Request id and revision, which every button of a request carries. */
function aboutOf({ value }: Press) {
  const [id = '', revision = ''] = value.split(' ')
  return { id, revision }
}

/** *Approve*. */
export async function approveRequest(bot: Bot, press: Press) {
  const { id, revision } = aboutOf(press)
  await drawnHere(bot, press, id)
  const { user, reference } = press
  await deciding(bot, press, id, () => decide(bot, { id, revision, decision: 'approved', user, reference }))
  if (!press.ephemeral) return
  const t = translator((await identify(bot, user)).language)
  await reply(bot.slack, press.log, press.to, message(t('Approved request {id}.', { id: code(id) })))
}

/**
 * Takes the buttons off the pressed message while the decision is being checked, which takes seconds, so that nobody presses again.
 * Only for people whom the request was given to: anybody else in the channel could hide the buttons from those who decide.
 */
async function deciding(bot: Bot, press: Press, id: string, work: () => Promise<unknown>) {
  const request = await findRequest(bot.db, id)
  const isGiven =
    request.rule.approvers.some((one) => one === press.user) || (await noticesOf(bot, request)).some(({ person }) => person === press.user)
  if (press.ephemeral || !press.channel || !press.ts || !isGiven || request.state !== 'pending') return work()
  const t = translator(bot.config.LANGUAGE)
  const audience = press.channel === request.rule.channel ? 'card' : 'approver'
  const drawn = requestMessage(request, await votesOn(bot.db, id), t, audience)
  const blocks = [
    ...drawn.blocks.filter(({ type }) => type !== 'actions'),
    note(t('{person} is responding…', { person: mention(press.user) })),
  ]
  await editCard(bot.slack, { place: press.channel, ts: press.ts, message: { text: drawn.text, blocks } })
  try {
    await work()
  } catch (error) {
    // The buttons come back, or what somebody else has decided meanwhile.
    await drawAgain(bot, id)
    throw error
  }
}

/** *Deny* asks for the reason first. */
export async function openDenial(bot: Bot, press: Press) {
  const { id, revision } = aboutOf(press)
  const t = translator(bot.config.LANGUAGE)
  const carried = { id, revision, channel: press.channel }
  const about = t('Reason for denying request {id} (shown to the requester)', { id: code(id) })
  const opened = await openView(bot, press.trigger, reasonModal('denial', carried, about, { required: true, t }))
  if ('problem' in opened) throw notOpened(opened.problem)
  await drawnHere(bot, press, id)
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
  const title = translator(bot.config.LANGUAGE).plain('Request')
  const { shown, failed } = await withPlaceholder(bot, press, title, async (name) => {
    rememberOrigin(name, press.to.respond)
    const row = await findReply(bot, { id: press.user, team: teamOf(bot.slack) }, press.value)
    const t = translator((await identify(bot, press.user)).language)
    const { rule } = offeredInput(bot, row)
    const about = t('Request approval for {command}. {deciders}', {
      command: code(slash(`${row.operation}`)),
      deciders: { markup: decidersView(rule, t) },
    })
    const required = rule.reason.required || rule.reason.pattern !== undefined
    return reasonModal('request', { reply: row.id, channel: press.channel }, about, { required, t })
  })
  if (shown === 'shown') return
  if (failed) await reply(bot.slack, press.log, press.to, failed)
  else if (shown === 'late') throw new Failure('unavailable', 'Slack did not open the dialog.')
}
