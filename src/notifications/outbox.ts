import { and, eq, gt, inArray, isNotNull, lte, min } from 'drizzle-orm'
import { type Bot, enqueue } from '../context.ts'
import { aDay } from '../core/durations.ts'
import { wakeIn } from '../core/timers.ts'
import type { Db } from '../db/database.ts'
import { posts } from '../db/schema.ts'
import type { MessageBlock } from '../slack/message-blocks.ts'
import { type Keyed, postKeyed } from '../slack/post-key.ts'

/** Queues a message that is posted once under its key, in the same transaction. It is retried for a day until Slack accepts it. */
export async function enqueuePost(bot: Pick<Bot, 'boss' | 'clock'>, tx: Db, { key, channel, message, thread }: Keyed): Promise<void> {
  const now = new Date(bot.clock())
  await tx
    .insert(posts)
    .values({ key, channel, thread: thread ?? null, message, state: 'waiting', dueAt: now, createdAt: now })
    .onConflictDoNothing()
  await enqueue(bot, tx, 'send-posts', {})
}

/** The `send-posts` job: posts the due messages. Rows decide what is due, so any process can continue after a crash. */
export async function sendPosts(bot: Bot): Promise<void> {
  const due = await bot.db
    .select()
    .from(posts)
    .where(and(isWaiting(bot), lte(posts.dueAt, new Date(bot.clock()))))
    .orderBy(posts.dueAt)
    .limit(200)
  for (const { key, channel, message, thread } of due) {
    if (!message) continue
    // it was a Message when it was stored
    const rendered = { text: message.text, blocks: message.blocks as MessageBlock[] }
    const outcome = await postKeyed(bot, { key, channel, message: rendered, thread: thread ?? undefined })
    if (outcome.became === 'posted' || outcome.became === 'underway') continue
    const reason = 'problem' in outcome ? outcome.problem.error : 'nobody can look'
    bot.log.warn({ key: key.split(' ')[0], reason }, 'a message could not be posted')
  }
  const [next] = await bot.db
    .select({ at: min(posts.dueAt) })
    .from(posts)
    .where(isWaiting(bot))
  if (next?.at) wakeIn(bot, 'send-posts', Math.max(next.at.getTime() - bot.clock(), 200), () => sendPosts(bot))
}

function isWaiting({ clock }: Bot) {
  return and(isNotNull(posts.message), inArray(posts.state, ['waiting', 'posting']), gt(posts.createdAt, new Date(clock() - aDay)))
}

/** Cancels a message. If it is being posted at this moment, it may still arrive. */
export async function dropPost(tx: Db, key: string): Promise<void> {
  await tx.delete(posts).where(and(eq(posts.key, key), eq(posts.state, 'waiting')))
}
