import type { Bot } from '../context.ts'
import { enqueuePost } from '../notifications/outbox.ts'
import type { Message } from '../slack/blocks.ts'
import { type Arrived, type ReplyTo, reply } from '../slack/reply.ts'
import type { Request } from './handle.ts'

/**
 * Replies with the outcome of a command. The command is done regardless of Slack: a reply that Slack does not accept is sent later
 * by direct message, and no error is thrown that could be mistaken for a failure (docs/SECURITY.md rule 32).
 */
export async function sayOutcome(bot: Bot, { log, reference }: Request, to: ReplyTo, message: Message): Promise<Arrived | 'later'> {
  try {
    return await reply(bot.slack, log, to, message)
  } catch (err) {
    log.warn({ err }, 'Slack did not accept a reply; it is queued for later')
  }
  try {
    await bot.db.transaction((tx) => enqueuePost(bot, tx, { key: `reply ${reference}`, channel: to.user, message }))
  } catch (err) {
    log.error({ err }, 'could not tell the person the outcome')
  }
  return 'later'
}
