import type { Logger } from 'pino'
import type { Bot } from '../context.ts'
import { track } from '../core/drain.ts'
import { Failure, logged } from '../core/failure.ts'
import { newReference } from '../core/reference.ts'
import { languageFor, translatorFor } from '../security/language.ts'
import { type Message, message } from '../slack/blocks.ts'
import { slackFailure } from '../slack/errors.ts'
import { bugView, failureView } from '../slack/views/failure.ts'

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
  const count = (outcome: string) => bot.metrics.commands.inc({ operation: about, outcome })
  const waiting = setTimeout(
    () => void sayWaiting(bot, user, tell).catch((err: unknown) => log.warn({ err }, 'could not send the waiting notice')),
    patience,
  )
  const done = run({ reference, log })
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
    .finally(() => clearTimeout(waiting))
  return track(bot, done)
}

const patience = 1_000

/** Tells a person who waits for the rate limiter how long it will take. */
async function sayWaiting(bot: Bot, user: string, tell: (message: Message) => Promise<unknown>) {
  const { seconds } = bot.quay.rateLimiter.waiting(user)
  if (seconds === 0) return
  const t = await translatorFor(bot, user)
  await tell(
    message(
      t('Rate limit: Quay accepts a limited number of calls per second. Wait about {seconds, plural, one {# second} other {# seconds}}.', {
        seconds,
      }),
    ),
  )
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
  return failureView(error, t)
}

const aMoment = 500

/** The same for an answer within Slack's three seconds; the language is usually cached. */
export async function languageNow(bot: Bot, user: string) {
  const timer = Promise.withResolvers<typeof bot.config.LANGUAGE>()
  const timeout = setTimeout(() => timer.resolve(bot.config.LANGUAGE), aMoment)
  return Promise.race([languageFor(bot, user), timer.promise]).finally(() => clearTimeout(timeout))
}
