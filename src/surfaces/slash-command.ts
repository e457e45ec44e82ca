import type { App, RespondFn } from '@slack/bolt'
import { isBareEdit, missingFields, readWords } from '../command/arguments.ts'
import { commandsUnder, findCommand, guessCommand } from '../command/registry.ts'
import { wordsOf } from '../command/tokenize.ts'
import type { Bot } from '../context.ts'
import { Failure } from '../core/failure.ts'
import { translatorFor } from '../security/language.ts'
import { teamOf } from '../slack/clients.ts'
import { type ReplyTo, reply } from '../slack/reply.ts'
import { groupView, guessView } from './did-you-mean-view.ts'
import { execute } from './execute.ts'
import { type Request, work } from './handle.ts'
import { openCommand } from './modals/open.ts'
import { outcomeReply } from './outcome-reply.ts'
import { rememberReply } from './reply-store.ts'
import { sayOutcome } from './say-outcome.ts'

interface Command {
  text: string
  user: string
  channel: string
  trigger: string
  respond: RespondFn
}

/** Handles `/quay …`. It is acknowledged first, because Slack waits only three seconds. */
export function listenToCommands(app: App, bot: Bot) {
  app.command(/^\//, async ({ ack, command, respond }) => {
    await ack()
    const typed = { text: command.text, user: command.user_id, channel: command.channel_id, trigger: command.trigger_id, respond }
    const to: ReplyTo = { user: typed.user, channel: typed.channel, respond }
    await work(
      bot,
      typed.user,
      nameOf(typed.text),
      (request) => runCommand(bot, typed, to, request),
      (message) => reply(bot.slack, bot.log, to, message),
    )
  })
}

/** The name of the command, for the log and the metrics, without anything else that was typed. */
function nameOf(text: string) {
  try {
    return findCommand(wordsOf(text))?.name ?? 'command'
  } catch {
    // The quotation mark is never closed; runCommand reports it.
    return 'command'
  }
}

async function runCommand(bot: Bot, { text, user, channel, trigger }: Command, to: ReplyTo, request: Request): Promise<unknown> {
  const words = wordsOf(text)
  const found = findCommand(words.length > 0 ? words : ['help'])
  if (!found) return sayWhatWasMeant(bot, words, to, request)
  const { given, dryRun, reason } = readWords(found.command, found.words)
  if (missingFields(found.command, given).length > 0 || isBareEdit(found.command, given)) {
    return openCommand(
      bot,
      { trigger, channel, operation: found.name, given, dryRun, ...(reason !== undefined && { reason }) },
      to,
      request,
    )
  }
  const outcome = await execute(bot, { name: found.name, given, user, channel, key: trigger, dryRun, reason, ...request })
  await sayOutcome(bot, request, to, await outcomeReply(bot, outcome))
}

/** For an unknown command: the commands that begin with these words, or a button for the one that was probably meant. */
async function sayWhatWasMeant(bot: Bot, words: string[], to: ReplyTo, { log }: Request): Promise<unknown> {
  const t = await translatorFor(bot, to.user)
  const under = commandsUnder(words)
  if (under.length > 0) return reply(bot.slack, log, to, groupView(words.join(' '), under, t))
  const guess = guessCommand(words)
  // The first word is valid and the next is not: these words can follow.
  const beside = guess ? [] : commandsUnder(words.slice(0, 1))
  if (beside.length > 0) return reply(bot.slack, log, to, groupView(words[0] ?? '', beside, t))
  if (!guess)
    throw new Failure('invalid', 'Unknown command {command}. See {help}.', {
      command: `/quay ${words.slice(0, 3).join(' ')}`,
      help: '/quay help',
    })
  const { given } = readWords(guess.command, guess.words)
  const remembered = await rememberReply(bot, { id: to.user, team: teamOf(bot.slack) }, { operation: guess.name, input: given })
  await reply(bot.slack, log, to, guessView(guess.name, remembered, guess.command, t))
}
