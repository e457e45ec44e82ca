import type { Bot } from '../context.ts'
import { wantPost } from '../notifications/outbox.ts'
import type { Message } from '../slack/blocks.ts'
import { type Arrived, type ReplyTo, reply } from '../slack/reply.ts'
import type { Request } from './handle.ts'

/**
 * Says what came of a command. It has happened, whatever Slack does now: what no way takes comes later as a direct message, and
 * nothing is thrown that could be read as a failure (docs/SECURITY.md rule 32).
 */
export async function sayOutcome(bot: Bot, { log, reference }: Request, to: ReplyTo, message: Message): Promise<Arrived | 'later'> {
  try {
    return await reply(bot.slack, log, to, message)
  } catch (err) {
    log.warn({ err }, 'Slack does not take an outcome now; it is sent later')
  }
  try {
    await bot.db.transaction((tx) => wantPost(bot, tx, { key: `reply ${reference}`, channel: to.user, message }))
  } catch (err) {
    log.error({ err }, 'the person could not be told what came of it')
  }
  return 'later'
}
