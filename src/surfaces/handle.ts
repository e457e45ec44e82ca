import type { Logger } from 'pino'
import type { Bot } from '../context.ts'
import { track } from '../core/drain.ts'
import { Failure, logged, withHelp } from '../core/failure.ts'
import { newReference } from '../core/reference.ts'
import { type Tally, tallied } from '../core/tally.ts'
import { languageFor, translatorFor } from '../security/language.ts'
import type { Message } from '../slack/blocks.ts'
import { slackFailure } from '../slack/errors.ts'
import { bugView, failureView } from '../slack/views/failure.ts'
import { noteWaiting } from './waiting-note.ts'

export interface Request {
  reference: string
  log: Logger
}

/**
 * Handles one acknowledged request of a person. An error becomes a message to them: the sentence of a Failure,
 * or a reference to the log.
 */
export function work(
  bot: Bot,
  user: string,
  about: string,
  run: (request: Request) => Promise<unknown>,
  tell: (message: Message) => Promise<unknown>,
): Promise<void> {
  const reference = newReference()
  const log = bot.log.child({ reference, user, about })
  const tally: Tally = { quayCalls: 0 }
  const began = bot.clock()
  let outcome = 'done'
  const count = (name: string) => {
    outcome = name
    bot.metrics.commands.inc({ operation: about, outcome })
  }
  const endWaiting = noteWaiting(bot, user, log)
  const done = tallied(tally, () => run({ reference, log }))
    .then(
      () => count('done'),
      (thrown) => {
        const error = slackFailure(thrown) ?? thrown
        count(error instanceof Failure ? error.code : 'bug')
        throw error
      },
    )
    .catch(async (error) => void (await tell(await failureMessage(bot, user, log, reference, error))))
    .catch((err: unknown) => log.error({ err }, 'could not notify the person'))
    .finally(() => {
      const seconds = Math.max(0, bot.clock() - began) / 1_000
      bot.metrics.commandSeconds.observe({ operation: about }, seconds)
      log.info({ outcome, seconds, ...tally }, 'command ended')
    })
    .finally(endWaiting)
  return track(bot, done)
}

/** The message for an error; the log has the details. */
export async function failureMessage(bot: Bot, user: string, log: Logger, reference: string, thrown: unknown): Promise<Message> {
  const t = await translatorFor(bot, user)
  const error = slackFailure(thrown) ?? thrown
  if (!(error instanceof Failure)) {
    log.error({ err: error }, 'unexpected error')
    return bugView(reference, t)
  }
  const level = error.code === 'unavailable' ? 'error' : 'info'
  log[level](logged(error), 'refused or failed')
  return failureView(await withHelp(error), t)
}

const aMoment = 500

/** The same for an answer within Slack's three seconds; the language is usually cached. */
export async function languageNow(bot: Bot, user: string) {
  const timer = Promise.withResolvers<typeof bot.config.LANGUAGE>()
  const timeout = setTimeout(() => timer.resolve(bot.config.LANGUAGE), aMoment)
  return Promise.race([languageFor(bot, user), timer.promise]).finally(() => clearTimeout(timeout))
}
