import type { Bot } from '../context.ts'
import type { Press } from './press.ts'
import { runPressed } from './run-pressed.ts'

/** *Unsubscribe*, below the message that a channel was subscribed, runs the command with the permissions of whoever presses. */
export async function endSubscribed(bot: Bot, press: Press) {
  await runPressed(bot, press, { name: 'unsubscribe', given: { repository: press.value }, key: press.trigger })
}
