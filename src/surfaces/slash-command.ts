import type { App } from '@slack/bolt'
import { isBareEdit, missingFields, readWords, type Typed } from '../command/arguments.ts'
import type { Candidate } from '../command/candidate.ts'
import type { Command } from '../command/command.ts'
import { readingOf } from '../command/reading.ts'
import { commandsUnder } from '../command/registry.ts'
import { searched } from '../command/search.ts'
import type { Reading } from '../command/settle.ts'
import { noTyping, type Typing } from '../command/tidy.ts'
import { wordsOf } from '../command/tokenize.ts'
import { hasRelative } from '../command/whole-ids.ts'
import type { Bot } from '../context.ts'
import { Failure } from '../core/failure.ts'
import { slash } from '../core/slash-command.ts'
import { translatorFor } from '../security/language.ts'
import { type ButtonText, buttons } from '../slack/blocks.ts'
import { type ReplyTo, reply } from '../slack/reply.ts'
import { groupView, guessView } from './did-you-mean-view.ts'
import { execute } from './execute.ts'
import { type Request, work } from './handle.ts'
import { openCommand } from './modals/open.ts'
import { namesakeOf } from './objects/namesake.ts'
import { openAction } from './objects/open-action.ts'
import { offersForUser } from './objects/unseen-user.ts'
import { offerCommands } from './offers.ts'
import { outcomeReply } from './outcome-reply.ts'
import { rightForms } from './right-forms.ts'
import { withRows } from './row-numbers.ts'
import { sayOutcome } from './say-outcome.ts'
import { typingOf } from './typing.ts'

interface Slash {
  text: string
  user: string
  channel: string
  /** Undefined for a message, which brings none: a modal then needs a press. */
  trigger: string | undefined
  /** The idempotency key. */
  key: string
  /** The message is so old that it may change nothing. */
  late?: boolean
}

/** Handles `/quay …`. It is acknowledged first, because Slack waits only three seconds. */
export function listenToCommands(app: App, bot: Bot) {
  app.command(/^\//, async ({ ack, command, respond }) => {
    await ack()
    const { text, user_id: user, channel_id: channel, trigger_id: trigger } = command
    const typed = { text, user, channel, trigger, key: trigger }
    await runTyped(bot, typed, { user, channel, respond })
  })
}

/**
 * Runs what was typed behind `/quay` or written to the bot, and replies with its outcome or its error. `isMeant` may decide that
 * nothing is done and nothing said.
 */
export async function runTyped(bot: Bot, typed: Slash, to: ReplyTo, isMeant?: (request: Request) => Promise<boolean>) {
  const offers: ButtonText[] = []
  await work(
    bot,
    typed.user,
    nameOf(typed.text),
    async (request) => {
      if (isMeant && !(await isMeant(request))) return
      await runCommand(bot, typed, to, { ...request, offer: (all) => void offers.push(...all) })
    },
    ({ text, blocks }) => reply(bot.slack, bot.log, to, { text, blocks: [...blocks, ...(offers.length > 0 ? [buttons(...offers)] : [])] }),
  )
}

/** The name of the command, for the log and the metrics, without anything else that was typed. */
function nameOf(text: string) {
  try {
    const reading = readingOf(wordsOf(text), noTyping)
    return 'name' in reading ? reading.name : 'command'
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    // The quotation mark is never closed; runCommand reports it.
    return 'command'
  }
}

interface Handling extends Request {
  /** Buttons that go below the sentence of a refusal. */
  offer(buttons: ButtonText[]): void
}

async function runCommand(bot: Bot, slash: Slash, to: ReplyTo, request: Handling): Promise<unknown> {
  const words = wordsOf(slash.text)
  const typing = await typingOf(bot, slash.user)
  const reading = readingOf(words, typing)
  switch (reading.kind) {
    case 'command':
      return runNamed(bot, slash, reading, { to, request, typing })
    case 'understood':
      return runUnderstood(bot, slash, reading, { to, request })
    case 'noun':
      return listNoun(bot, reading, words, to, request)
    case 'ask':
      return ask(bot, reading.candidates, to, request)
    case 'unknown':
      return refuse(bot, words, { to, request, typing })
  }
}

/** A command by its name: its words fill the input in order. What they refuse is answered with the right forms as buttons. */
async function runNamed(
  bot: Bot,
  slash: Slash,
  { name, command, words }: Extract<Reading, { kind: 'command' }>,
  { to, request, typing }: { to: ReplyTo; request: Handling; typing: Typing },
) {
  let typed: Typed | undefined
  try {
    typed = readWords(command, words, typing)
    return await runOrOpen(bot, slash, { name, command, typed }, to, request)
  } catch (error) {
    if (error instanceof Failure && error.code === 'invalid' && (typed === undefined || Object.keys(error.fields).length > 0))
      request.offer(await rightForms(bot, to.user, { name, command, words, given: typed?.given }, typing))
    throw error
  }
}

interface Meant {
  name: string
  command: Command
  typed: Typed
}

async function runOrOpen(bot: Bot, slash: Slash, { name, command, typed }: Meant, to: ReplyTo, request: Request) {
  const given = await withRows(bot, to.user, command, typed.given)
  const meant = { name, command, typed: { ...typed, given } }
  const isMissing = missingFields(command, given).length > 0 || isBareEdit(command, given)
  // The person sees which one is meant before it changes.
  const isRelativeChange = command.changes !== undefined && hasRelative(command, typed.given)
  return isMissing || isRelativeChange ? open(bot, slash, meant, to, request) : run(bot, slash, meant, to, request)
}

/** Understood by what fits where. A read runs; a change never does by a guess, so its modal opens filled. */
async function runUnderstood(
  bot: Bot,
  slash: Slash,
  { name, command, arranged: typed }: Extract<Reading, { kind: 'understood' }>,
  { to, request }: { to: ReplyTo; request: Handling },
) {
  if (!command.changes) return runRead(bot, slash, { name, command, typed }, to, request)
  const given = await withRows(bot, to.user, command, typed.given)
  return open(bot, slash, { name, command, typed: { ...typed, given } }, to, request)
}

async function runRead(bot: Bot, slash: Slash, meant: Meant, to: ReplyTo, request: Handling) {
  try {
    return await runOrOpen(bot, slash, meant, to, request)
  } catch (error) {
    if (error instanceof Failure && error.code === 'denied')
      request.offer(await offersForUser(bot, to.user, { name: meant.name, given: meant.typed.given }))
    throw error
  }
}

async function run(
  bot: Bot,
  { user, channel, key, late }: Slash,
  { name, typed: { given, dryRun, reason } }: Meant,
  to: ReplyTo,
  request: Request,
) {
  const outcome = await execute(bot, { name, given, user, channel, key, late, dryRun, reason, ...request })
  await sayOutcome(bot, request, to, await outcomeReply(bot, outcome))
}

function open(bot: Bot, { trigger, channel }: Slash, { name, typed: { given, dryRun, reason } }: Meant, to: ReplyTo, request: Request) {
  const carried = { trigger, channel, operation: name, given, dryRun, ...(reason !== undefined && { reason }) }
  return openCommand(bot, carried, to, request)
}

/** What can follow a noun, and buttons for what the other words may have meant. */
async function listNoun(
  bot: Bot,
  { noun, candidates }: Extract<Reading, { kind: 'noun' }>,
  words: string[],
  to: ReplyTo,
  { log }: Request,
) {
  const t = await translatorFor(bot, to.user)
  const namesake = await namesakeOf(bot, to.user, words)
  const open = namesake ? [openAction(namesake, t)] : []
  const offers = [...(await offerCommands(bot, to.user, candidates, t)), ...open]
  await reply(bot.slack, log, to, groupView(noun, commandsUnder([noun]), offers, t))
}

async function ask(bot: Bot, candidates: Candidate[], to: ReplyTo, { log }: Request) {
  const t = await translatorFor(bot, to.user)
  const names = candidates.map(({ name }) => name)
  await reply(bot.slack, log, to, guessView(names, await offerCommands(bot, to.user, candidates, t), t))
}

/** No command: what the words find in names, other words and summaries is offered. */
async function refuse(
  bot: Bot,
  words: string[],
  { to, request, typing }: { to: ReplyTo; request: Handling; typing: Typing },
): Promise<never> {
  const t = await translatorFor(bot, to.user)
  request.offer(await offerCommands(bot, to.user, searched(words, typing), t))
  throw new Failure('invalid', 'Unknown command {command}. See {help}.', {
    command: slash(words.slice(0, 3).join(' ')),
    help: slash('help'),
  })
}
