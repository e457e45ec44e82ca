import type { App } from '@slack/bolt'
import { checkInput } from '../../command/input.ts'
import { operations } from '../../command/registry.ts'
import type { Bot } from '../../context.ts'
import { Failure, logged } from '../../core/failure.ts'
import { type Translate, translator } from '../../core/i18n.ts'
import { drawn, message, note } from '../../slack/blocks.ts'
import { type ReplyTo, reply } from '../../slack/reply.ts'
import { bugView, failureView } from '../../slack/views/failure.ts'
import { execute } from '../execute.ts'
import { languageNow, type Request, work } from '../handle.ts'
import { outcomeReply } from '../outcome-reply.ts'
import { listenToView } from './listen-to-view.ts'
import { type Carried, noticeModal, operationModal, readModal } from './modal.ts'
import { endWaiting, updateView } from './open.ts'
import { nounOf } from './titles.ts'

/**
 * An operation's modal is submitted. What is wrong by itself comes back under its field at once; everything else is
 * acked as *Working…* and becomes the outcome, or the filled modal again (security.md rule 25).
 */
export function listenToSubmits(app: App, bot: Bot) {
  listenToView(app, bot, 'operation', async ({ ack, body, view }) => {
    const read = readModal(view, (name) => operations.get(name))
    // From memory: Slack waits three seconds for this answer.
    const t = translator(await languageNow(bot, body.user.id))
    const problems = checkInput(read.operation, read.carried.given, t.language)
    const shown = Object.entries(problems).filter(([field]) => view.blocks.some(({ block_id }) => block_id === field))
    if (shown.length > 0) {
      return ack({
        response_action: 'errors',
        errors: Object.fromEntries(shown.map(([field, problem]) => [field, t.plain(problem.message, problem.values)])),
      })
    }
    const title = t.plain(nounOf(read.carried.operation))
    await ack({ response_action: 'update', view: noticeModal(title, message(t('Working…')), t) })
    const to: ReplyTo = { user: body.user.id, channel: read.carried.channel }
    await work(
      bot,
      to.user,
      read.carried.operation,
      (request) => submit(bot, { ...read, view: view.id }, to, request, t),
      (one) => reply(bot.slack, bot.log, to, one),
    )
  })
}

interface Submitted {
  operation: NonNullable<ReturnType<typeof operations.get>>
  carried: Carried
  view: string
}

async function submit(bot: Bot, { operation, carried, view }: Submitted, to: ReplyTo, request: Request, t: Translate) {
  const { operation: name, given, channel, dryRun, reason } = carried
  try {
    const outcome = await execute(bot, {
      operation: name,
      given,
      user: to.user,
      channel,
      key: `${view} ${name}`,
      dryRun,
      reason,
      ...request,
    })
    await tell(bot, view, to, request, await outcomeReply(bot, outcome), t.plain(nounOf(name)), t)
  } catch (error) {
    if (!(error instanceof Failure)) {
      await endWaiting(bot, view, noticeModal(t.plain(nounOf(name)), bugView(request.reference, t), t))
      throw error
    }
    request.log.info(logged(error), 'refused or failed')
    const problem = failureView(error, t)
    await updateView(bot, view, operationModal(operation, carried, t, { problem: problem.blocks, everything: true })).catch(() =>
      reply(bot.slack, request.log, to, problem),
    )
  }
}

/** The outcome goes where the command was typed, so that it outlives the modal; the modal says so. */
async function tell(
  bot: Bot,
  view: string,
  to: ReplyTo,
  { log }: Request,
  outcome: Awaited<ReturnType<typeof outcomeReply>>,
  title: string,
  t: Translate,
) {
  const where = to.channel
    ? t('All of it, with its buttons, is in {channel}.', { channel: drawn(`<#${to.channel}>`) })
    : t('All of it, with its buttons, is in my direct message to you.')
  const shown = endWaiting(bot, view, noticeModal(title, message(t('{outcome}', { outcome: drawn(outcome.text) }), note(where)), t))
  await Promise.all([reply(bot.slack, log, to, outcome), shown])
}
