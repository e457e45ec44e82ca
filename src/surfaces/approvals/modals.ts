import type { App, SlackViewAction } from '@slack/bolt'
import { z } from 'zod'
import { checkReason } from '../../approvals/create.ts'
import { decide } from '../../approvals/decide.ts'
import { findRequest } from '../../approvals/request.ts'
import { addComment } from '../../approvals/talk/add-comment.ts'
import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import { type Translate, translator } from '../../core/i18n.ts'
import { type Message, message, rawMarkup } from '../../slack/blocks.ts'
import { teamOf } from '../../slack/clients.ts'
import { inTime, type ReplyTo, reply } from '../../slack/reply.ts'
import { execute } from '../execute.ts'
import { failureMessage, languageNow, type Request, work } from '../handle.ts'
import { holdsCredential } from '../messages/credential.ts'
import { listenToView } from '../modals/listen-to-view.ts'
import { noticeModal, readMetadata, workingModal } from '../modals/modal.ts'
import { originOf } from '../modals/origins.ts'
import { showView } from '../modals/placeholder.ts'
import { outcomeReply } from '../outcome-reply.ts'
import { findReply } from '../reply-store.ts'
import { sayOutcome } from '../say-outcome.ts'
import { offeredInput, type ReasonKind, reasonTitle } from './offer.ts'
import { requestedMessage } from './requested.ts'
import { whileResponding } from './responding.ts'

const requested = z.object({ reply: z.string(), channel: z.string().optional() })
const commented = z.object({ id: z.string(), channel: z.string().optional() })
const denied = z.object({
  id: z.string(),
  revision: z.string(),
  channel: z.string().optional(),
  ts: z.string().optional(),
  ephemeral: z.boolean().optional(),
})

/** The modals that ask for a text: *Request*, *Deny* and *Comment*. */
export function listenToReasons(app: App, bot: Bot) {
  listenToView(app, bot, 'request', async ({ ack, body, view }) => {
    const { reply: id, channel } = readMetadata(view, requested)
    const reason = reasonIn(view)
    const t = translator(await languageNow(bot, body.user.id))
    const row = await findReply(bot, { id: body.user.id, team: teamOf(bot.slack) }, id).catch(() => undefined)
    const problem = row && reasonProblem(offeredInput(bot, row).rule, reason, t)
    if (problem) return ack({ response_action: 'errors', errors: { reason: problem } })
    await ack({ response_action: 'update', view: workingModal(reasonTitle('request', t), view, t) })
    await finish(bot, body, 'request', t, channel, async (request) => {
      const offer = await findReply(bot, { id: body.user.id, team: teamOf(bot.slack) }, id)
      const { input, same } = offeredInput(bot, offer)
      const entry = {
        name: offer.operation,
        given: input,
        user: body.user.id,
        channel,
        key: `request ${id}`,
        reason,
        alongside: same !== undefined,
      }
      const outcome = await execute(bot, { ...entry, ...request })
      const asked = outcome.state === 'asked' ? outcome.request : undefined
      return { told: await outcomeReply(bot, outcome), ...(asked && { instead: () => requestedMessage(bot, asked, t) }) }
    })
  })
  listenToView(app, bot, 'comment', async ({ ack, body, view }) => {
    const { id, channel } = readMetadata(view, commented)
    const said = reasonIn(view)
    const t = translator(await languageNow(bot, body.user.id))
    const problem = said
      ? holdsCredential(said) && t.plain('This contains a credential, which everybody in the channel would see.')
      : t.plain('Enter a comment.')
    if (problem) return ack({ response_action: 'errors', errors: { reason: problem } })
    await ack({ response_action: 'update', view: workingModal(reasonTitle('comment', t), view, t) })
    await finish(bot, body, 'comment', t, channel, async ({ reference }) => {
      const { by } = await addComment(bot, { id, said, user: body.user.id, reference })
      const { name } = await findRequest(bot.db, id)
      return message(
        by === 'approver'
          ? t('Comment added. {requester} was notified and can answer.', { requester: name })
          : t('Answer added to your request.'),
      )
    })
  })
  listenToView(app, bot, 'denial', async ({ ack, body, view }) => {
    const { id, revision, ...pressed } = readMetadata(view, denied)
    const { channel } = pressed
    const reason = reasonIn(view)
    const t = translator(await languageNow(bot, body.user.id))
    if (!reason) return ack({ response_action: 'errors', errors: { reason: t.plain('Enter a reason.') } })
    await ack({ response_action: 'update', view: workingModal(reasonTitle('denial', t), view, t) })
    await finish(bot, body, 'denial', t, channel, async ({ reference }) => {
      const { id: user } = body.user
      await whileResponding(bot, { ...pressed, user }, id, () => decide(bot, { id, revision, decision: 'denied', reason, user, reference }))
      return message(t('Denied. Your reason is shown to {requester}.', { requester: (await findRequest(bot.db, id)).name }))
    })
  })
}

function reasonIn({ state }: SlackViewAction['view']) {
  const typed: unknown = state?.values?.reason?.reason?.value
  return typeof typed === 'string' ? typed.trim() : ''
}

function reasonProblem(rule: Parameters<typeof checkReason>[0], reason: string, t: Translate) {
  try {
    checkReason(rule, reason)
  } catch (error) {
    if (error instanceof Failure) return t.plain(error.sentence.message, error.sentence.values)
    throw error
  }
}

interface Finished {
  told: Message
  /** What takes the place of the message whose button was pressed. */
  instead?: () => Promise<Message | undefined>
}

/** The refusal with its *Request* button becomes “Requested”. Returns false if Slack does not take it: the modal has said as much. */
async function replaceRefusal({ respond }: ReplyTo, { log }: Request, instead: () => Promise<Message | undefined>) {
  try {
    const drawn = await instead()
    if (!drawn || !respond) return false
    await inTime(respond({ ...drawn, response_type: 'ephemeral', replace_original: true }))
    return true
  } catch (err) {
    log.info({ err }, 'could not replace a refusal by what was requested')
    return false
  }
}

/** Shows the outcome or the error in the modal; if it was closed, where the person pressed the button. */
async function finish(
  bot: Bot,
  { user, view }: Pick<SlackViewAction, 'user' | 'view'>,
  about: ReasonKind,
  t: Translate,
  channel: string | undefined,
  run: (request: Request) => Promise<Message | Finished>,
) {
  const to: ReplyTo = { user: user.id, channel, respond: originOf(view.external_id ?? '') }
  const opened = { id: view.id, name: view.external_id ?? '' }
  await work(
    bot,
    user.id,
    about,
    async (request) => {
      const finished = await run(request).catch((error: unknown) => failureMessage(bot, user.id, request.log, request.reference, error))
      const { told: outcome, instead }: Finished = 'told' in finished ? finished : { told: finished }
      const shown = await showView(
        bot,
        opened,
        noticeModal(reasonTitle(about, t), message(t('{outcome}', { outcome: rawMarkup(outcome.text) })), t),
      )
      const replaced = instead && to.respond && (await replaceRefusal(to, request, instead))
      if (shown !== 'shown' && !replaced) await sayOutcome(bot, request, to, outcome)
    },
    (one) => reply(bot.slack, bot.log, to, one),
  )
}
