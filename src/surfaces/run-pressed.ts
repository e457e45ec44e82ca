import type { Bot } from '../context.ts'
import { execute } from './execute.ts'
import type { Entry } from './outcome.ts'
import { outcomeReply } from './outcome-reply.ts'
import type { Press } from './press.ts'
import { sayOutcome } from './say-outcome.ts'

type Pressed = Pick<Entry, 'name' | 'given' | 'key' | 'confirmed' | 'from'>

/**
 * Runs the command of a button with the present permissions of the person who pressed, and replies with the outcome: by default
 * in place of an ephemeral message, which is theirs alone. Throws what `execute` throws.
 */
export async function runPressed(bot: Bot, press: Press, command: Pressed, to = { ...press.to, replace: press.ephemeral }) {
  const { user, channel, reference, log } = press
  const outcome = await execute(bot, { ...command, user, channel, reference, log })
  await sayOutcome(bot, press, to, await outcomeReply(bot, outcome))
}
