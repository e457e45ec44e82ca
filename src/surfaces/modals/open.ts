import type { Bot } from '../../context.ts'
import { Failure, logged, withHelp } from '../../core/failure.ts'
import { type Translate, translator } from '../../core/i18n.ts'
import { slash } from '../../core/slash-command.ts'
import { translatorFor } from '../../security/language.ts'
import { buttons, code, type Message, message, rawMarkup } from '../../slack/blocks.ts'
import { teamOf } from '../../slack/clients.ts'
import { slackFailure } from '../../slack/errors.ts'
import { type ReplyTo, reply } from '../../slack/reply.ts'
import { failureView } from '../../slack/views/failure.ts'
import type { Request } from '../handle.ts'
import { prefill } from '../prefill.ts'
import { rememberReply } from '../reply-store.ts'
import { type Carried, commandModal, noticeModal } from './modal.ts'
import { rememberOrigin } from './origins.ts'
import { withPlaceholder } from './placeholder.ts'
import { titleOf } from './titles.ts'

interface Opening extends Omit<Carried, 'given'> {
  given: Record<string, unknown>
  /** Expires after three seconds. Undefined for a message, which brings none. */
  trigger: string | undefined
}

/**
 * Opens the modal of a command. First it shows *One moment…* without any other call, because the trigger expires after three
 * seconds; then, when the person and their permissions are known, the fields or the refusal (docs/SECURITY.md rule 25). Without a
 * trigger it replies with the refusal, or with a button that opens the modal.
 */
export async function openCommand(bot: Bot, { trigger, ...carried }: Opening, to: ReplyTo, request: Request) {
  const { log, reference } = request
  if (trigger === undefined) return offerToOpen(bot, carried, to, request)
  const title = translator(bot.config.LANGUAGE).plain(titleOf(carried.operation))
  const asked = { user: to.user, trigger, to, log, reference }
  let refusal: Message | undefined
  try {
    const { shown, failed } = await withPlaceholder(bot, asked, title, async (name) => {
      rememberOrigin(name, to.respond)
      const made = await fieldsOrRefusal(bot, carried, to, log)
      refusal = made.refusal
      return made.modal
    })
    if (shown === 'shown') return
    log.info({ shown }, 'the modal closed before it could be filled')
    const told = failed ?? refusal
    if (told) await reply(bot.slack, log, to, told)
    else if (shown === 'late') await offerAgain(bot, carried, to, request, new Failure('unavailable', 'Slack did not open the dialog.'))
  } catch (error) {
    const failure = slackFailure(error) ?? error
    if (!(failure instanceof Failure)) throw error
    await offerAgain(bot, carried, to, request, failure)
  }
}

async function fieldsOrRefusal(bot: Bot, carried: Omit<Opening, 'trigger'>, to: ReplyTo, log: Request['log']) {
  try {
    const { person, command, given } = await prefill(bot, { name: carried.operation, given: carried.given, user: to.user, log })
    const now = { ...carried, given }
    return { modal: commandModal(bot, command, now, translator(person.language)) }
  } catch (thrown) {
    const error = slackFailure(thrown) ?? thrown
    if (!(error instanceof Failure)) throw error
    log.info(logged(error), 'refused before the modal opened')
    const t = await translatorFor(bot, to.user)
    const refusal = failureView(await withHelp(error), t)
    return { modal: noticeModal(t.plain(titleOf(carried.operation)), refusal, t), refusal }
  }
}

/** The reply to a message whose command needs a modal: the refusal, or a button, whose press brings a trigger. */
async function offerToOpen(bot: Bot, carried: Omit<Opening, 'trigger'>, to: ReplyTo, { log }: Request) {
  const { refusal } = await fieldsOrRefusal(bot, carried, to, log)
  if (refusal) return reply(bot.slack, log, to, refusal)
  const t = await translatorFor(bot, to.user)
  const button = await openButton(bot, carried, to, t)
  const text = t('{command} needs more input. What you typed is kept.', { command: code(slash(carried.operation)) })
  return reply(bot.slack, log, to, message(text, buttons(button)))
}

async function openButton(bot: Bot, { operation, given, dryRun, reason }: Omit<Opening, 'trigger'>, { user }: ReplyTo, t: Translate) {
  const person = { id: user, team: teamOf(bot.slack) }
  const value = await rememberReply(bot, person, { operation, input: given, result: { opening: { dryRun, reason } } })
  return { action: 'reply:open', label: t.plain('Open it'), value, style: 'primary' as const }
}

/** Says why the modal did not open, with a button: a press brings a new trigger, and the given values are kept. */
async function offerAgain(bot: Bot, carried: Omit<Opening, 'trigger'>, to: ReplyTo, { log }: Request, failure: Failure) {
  log.info(logged(failure), 'could not open a modal')
  const t = await translatorFor(bot, to.user)
  const button = await openButton(bot, carried, to, t)
  const { message: text, values } = failure.sentence
  await reply(bot.slack, log, to, message(t('{problem} Your input is kept.', { problem: rawMarkup(t(text, values)) }), buttons(button)))
}
