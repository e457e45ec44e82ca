import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import { type Translate, translator } from '../../core/i18n.ts'
import { slash } from '../../core/slash-command.ts'
import { identify, type Person } from '../../security/identity.ts'
import { editCard } from '../../slack/post-once.ts'
import { execute } from '../execute.ts'
import { outcomeReply } from '../outcome-reply.ts'
import type { Press } from '../press.ts'
import { findReply } from '../reply-store.ts'
import { sayOutcome } from '../say-outcome.ts'
import { assertAllowed } from './allowed.ts'
import { endedMessage, preparedMessage } from './prepared-card.ts'
import { digestOfPrepared, keepPrepared, type Prepared, preparedAgain, preparedIn } from './prepared-store.ts'

/**
 * *Apply* under a change that Slackbot prepared: the only way to run it. The presser must be its owner, in the message that the bot
 * posted to them, in time; policy, permissions and facts are those of now (docs/SECURITY.md rules 28, 30 and 46).
 */
export async function applyPrepared(bot: Bot, press: Press) {
  const { person, prepared } = await pressedIn(bot, press)
  const { operation: name, input, facts, reason } = prepared
  assertAllowed(bot.policy, name)
  const { user, channel, reference, log } = press
  const t = translator(person.language)
  const entry = { name, given: input, user, channel, reference, log, key: `prepared ${prepared.id}`, prepared: { facts } }
  const outcome = await execute(bot, { ...entry, ...(reason !== null && { reason }) })
  if (outcome.state === 'prepared') {
    const again = preparedAgain(bot, prepared, outcome.facts)
    await keepPrepared(bot, again)
    return void (await draw(bot, press, again, preparedMessage(again, { ruling: outcome.ruling, changed: true }, t)))
  }
  await end(bot, press, { ...prepared, state: 'applied' }, t.plain('You pressed Apply.'), t)
  await sayOutcome(bot, press, { user, channel, isDirect: true }, await outcomeReply(bot, outcome))
}

/** *Cancel*: it cannot be applied any more. */
export async function cancelPrepared(bot: Bot, press: Press) {
  const { person, prepared } = await pressedIn(bot, press)
  const t = translator(person.language)
  await end(bot, press, { ...prepared, state: 'cancelled' }, t.plain('Cancelled: nothing has changed.'), t)
}

async function pressedIn(bot: Bot, press: Press): Promise<{ person: Person; prepared: Prepared }> {
  const person = await identify(bot, press.user)
  const prepared = preparedIn(await findReply(bot, person, press.value))
  if (!prepared) throw new Failure('not_found', 'These buttons have expired. Run the command again.')
  // A button with this value anywhere else was not made by the bot.
  if (press.channel !== prepared.place || press.ts !== prepared.ts)
    throw new Failure('denied', 'Press Apply in the direct message from Quaymaster that shows the prepared change.')
  if (prepared.digest !== digestOfPrepared(prepared)) throw new TypeError('A prepared change is not what was prepared')
  if (prepared.state !== 'waiting') throw new Failure('conflict', 'This prepared change was already applied or cancelled.')
  if (prepared.expiresAt > bot.clock()) return { person, prepared }
  const t = translator(person.language)
  await draw(bot, press, prepared, endedMessage(prepared, t.plain('Expired: nothing has changed.'), t))
  throw new Failure('not_found', 'This prepared change has expired. Ask Slackbot again, or type {command}.', {
    command: slash(prepared.operation),
  })
}

/** The message without its buttons. What was done is done, even if it cannot be stored or drawn (docs/SECURITY.md rule 32). */
async function end(bot: Bot, press: Press, prepared: Prepared, said: string, t: Translate) {
  await keepPrepared(bot, prepared).catch((err: unknown) => press.log.error({ err }, 'could not store the end of a prepared change'))
  await draw(bot, press, prepared, endedMessage(prepared, said, t))
}

async function draw(bot: Bot, { log }: Press, { place, ts }: Prepared, message: ReturnType<typeof endedMessage>) {
  if (place === null || ts === null) return
  const drawn = await editCard(bot.slack, { place, ts, message })
  if (drawn.became !== 'posted') log.warn({ became: drawn.became }, 'could not edit the message of a prepared change')
}
