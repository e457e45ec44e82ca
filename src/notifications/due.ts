import { type Bot, enqueue } from '../context.ts'

const timed = ['deliver', 'follow-builds', 'heal-subscriptions', 'reconcile', 'digest', 'show-homes', 'send-posts'] as const

/** Processes all due rows now. Used when the sandbox moves the clock. */
export async function lookForDue(bot: Bot): Promise<void> {
  for (const job of timed) await enqueue(bot, bot.db, job, {})
}
