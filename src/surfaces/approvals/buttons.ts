import { decidersView } from '../../approvals/card.ts'
import { decide } from '../../approvals/decide.ts'
import { republishCard } from '../../approvals/publish-card.ts'
import { findRequest, withdraw } from '../../approvals/request.ts'
import { type Choice, resolveUnknown, retryRequest } from '../../approvals/resolve-unknown.ts'
import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import { translator } from '../../core/i18n.ts'
import { identify } from '../../security/identity.ts'
import { code } from '../../slack/blocks.ts'
import { teamOf } from '../../slack/clients.ts'
import { reply } from '../../slack/reply.ts'
import { rememberOrigin } from '../modals/origins.ts'
import { notOpened, openView, withPlaceholder } from '../modals/placeholder.ts'
import type { Press } from '../press.ts'
import { findReply } from '../reply-store.ts'
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
  await decide(bot, { id, revision, decision: 'approved', user, reference })
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

/** *Withdraw*, in the requester's direct message. */
export async function withdrawRequest(bot: Bot, press: Press) {
  await withdraw(bot, aboutOf(press).id, await identify(bot, press.user), press.reference)
}

/** *Retry* under the checklist of an approved request continues with the failed step. */
export async function retryRequestSteps(bot: Bot, press: Press) {
  await retryRequest(bot, aboutOf(press).id, press.user, press.reference)
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
      command: code(`/quay ${row.operation}`),
      deciders: { markup: decidersView(rule, t) },
    })
    const required = rule.reason.required || rule.reason.pattern !== undefined
    return reasonModal('request', { reply: row.id, channel: press.channel }, about, { required, t })
  })
  if (shown === 'shown') return
  if (failed) await reply(bot.slack, press.log, press.to, failed)
  else if (shown === 'late') throw new Failure('unavailable', 'Slack did not open the dialog.')
}
