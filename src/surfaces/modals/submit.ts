import type { App } from '@slack/bolt'
import { checkInput } from '../../command/input.ts'
import { commands } from '../../command/registry.ts'
import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import { type Translate, translator } from '../../core/i18n.ts'
import { type Message, message, note, rawMarkup } from '../../slack/blocks.ts'
import { slackFailure } from '../../slack/errors.ts'
import { plainBlocks } from '../../slack/fitted.ts'
import { type ReplyTo, reply } from '../../slack/reply.ts'
import { execute } from '../execute.ts'
import { failureMessage, languageNow, type Request, work } from '../handle.ts'
import type { Outcome } from '../outcome.ts'
import { outcomeReply } from '../outcome-reply.ts'
import { sayOutcome } from '../say-outcome.ts'
import { typingOf } from '../typing.ts'
import { listenToView } from './listen-to-view.ts'
import { type Carried, commandModal, noticeModal, readModal, workingModal } from './modal.ts'
import { originOf } from './origins.ts'
import { type Opened, showView } from './placeholder.ts'
import { titleOf } from './titles.ts'

/**
 * Handles the submission of a command's modal. Errors that need no call appear under their field at once. Everything else is
 * acknowledged as *Working…*, which becomes the outcome or the filled modal again (docs/SECURITY.md rule 25).
 */
export function listenToSubmits(app: App, bot: Bot) {
  listenToView(app, bot, 'operation', async ({ ack, body, view }) => {
    const read = readModal(view, (name) => commands.get(name))
    // Reads only the cache: Slack waits three seconds for this answer.
    const [language, typing] = await Promise.all([languageNow(bot, body.user.id), typingOf(bot, body.user.id)])
    const t = translator(language)
    const problems = checkInput(read.command, read.carried.given, typing)
    const shown = Object.entries(problems).filter(([field]) => view.blocks.some(({ block_id }) => block_id === field))
    if (shown.length > 0) {
      return ack({
        response_action: 'errors',
        errors: Object.fromEntries(shown.map(([field, problem]) => [field, t.plain(problem.message, problem.values)])),
      })
    }
    const title = t.plain(titleOf(read.carried.operation))
    const opened: Opened = { id: view.id, name: view.external_id ?? '' }
    await ack({ response_action: 'update', view: workingModal(title, view, t) })
    const to: ReplyTo = { user: body.user.id, channel: read.carried.channel, respond: originOf(view.external_id ?? '') }
    await work(
      bot,
      to.user,
      read.carried.operation,
      (request) => submit(bot, { ...read, opened, title }, to, request, t),
      (one) => reply(bot.slack, bot.log, to, one),
    )
  })
}

interface Submitted {
  command: NonNullable<ReturnType<typeof commands.get>>
  carried: Carried
  opened: Opened
  title: string
}

async function submit(bot: Bot, { command, carried, opened, title }: Submitted, to: ReplyTo, request: Request, t: Translate) {
  const { operation: name, given, channel, dryRun, reason } = carried
  let outcome: Outcome
  try {
    const key = `${opened.id} ${name}`
    outcome = await execute(bot, { name, given, user: to.user, channel, key, dryRun, reason, ...request })
  } catch (thrown) {
    const problem = await failureMessage(bot, to.user, request.log, request.reference, thrown)
    const isBug = !((slackFailure(thrown) ?? thrown) instanceof Failure)
    const again = commandModal(bot, command, carried, t, { problem: plainBlocks(problem.blocks), everything: true })
    const shown = await showView(bot, opened, isBug ? noticeModal(title, problem, t) : again)
    if (shown !== 'shown') await reply(bot.slack, request.log, to, problem)
    return
  }
  const rendered = await outcomeReply(bot, outcome)
  const arrived = await sayOutcome(bot, request, to, rendered)
  await showView(bot, opened, noticeModal(title, whereItIs(rendered, arrived, to, t), t))
}

/** The outcome is posted where the command was typed, so that it outlives the modal; the modal says where to find it. */
function whereItIs(outcome: Message, arrived: Awaited<ReturnType<typeof sayOutcome>>, { channel }: ReplyTo, t: Translate): Message {
  const inChannel = arrived === 'channel' || (arrived === 'unknown' && channel !== undefined)
  const where =
    arrived === 'later'
      ? t('The full message, with its buttons, is sent by direct message as soon as Slack accepts it.')
      : inChannel && channel !== undefined
        ? t('The full message, with its buttons, is in {channel}.', { channel: rawMarkup(`<#${channel}>`) })
        : t('The full message, with its buttons, is in your direct messages.')
  return message(t('{outcome}', { outcome: rawMarkup(outcome.text) }), note(where))
}
