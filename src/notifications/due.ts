import { type Bot, enqueue } from '../context.ts'

const timed = ['deliver', 'follow-builds', 'heal-subscriptions', 'reconcile', 'digest', 'show-homes', 'send-posts'] as const

/** Looks at once for whatever rows are due: for a clock that was moved by hand. */
export async function lookForDue(bot: Bot): Promise<void> {
  for (const job of timed) await enqueue(bot, bot.db, job, {})
}
