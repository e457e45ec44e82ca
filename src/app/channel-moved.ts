import { eq, sql } from 'drizzle-orm'
import { idsOf } from '../approvals/policy-checks.ts'
import type { Bot } from '../context.ts'
import { cards, channelTurns, posts, requests, subscriptions } from '../db/schema.ts'

/**
 * Slack gave a channel another id, as when a private one is shared (docs/slack.md §8): everything that is posted there, and every
 * card that is edited there, goes on under the new id. Idempotent, because Slack may tell of it twice.
 */
export async function moveChannel(bot: Bot, from: string, to: string): Promise<void> {
  if (from === to) return
  await bot.db.transaction(async (tx) => {
    // The new id is new, so nothing stands under it but what was made since.
    const taken = tx.select({ target: subscriptions.target }).from(subscriptions).where(eq(subscriptions.channel, to))
    await tx.delete(subscriptions).where(sql`${subscriptions.channel} = ${from} and ${subscriptions.target} in ${taken}`)
    await tx.update(subscriptions).set({ channel: to }).where(eq(subscriptions.channel, from))
    const shown = tx.select({ subject: cards.subject }).from(cards).where(eq(cards.channel, to))
    await tx.delete(cards).where(sql`${cards.channel} = ${from} and ${cards.subject} in ${shown}`)
    await tx.update(cards).set({ channel: to }).where(eq(cards.channel, from))
    await tx.update(cards).set({ place: to }).where(eq(cards.place, from))
    await tx
      .insert(channelTurns)
      .values({ channel: to, dueAt: new Date(bot.clock()) })
      .onConflictDoNothing()
    await tx.delete(channelTurns).where(eq(channelTurns.channel, from))
    await tx.update(posts).set({ channel: to }).where(eq(posts.channel, from))
    await tx.update(posts).set({ place: to }).where(eq(posts.place, from))
    await tx
      .update(requests)
      .set({ rule: sql`jsonb_set(${requests.rule}, '{channel}', to_jsonb(${to}::text))` })
      .where(sql`${requests.rule}->>'channel' = ${from}`)
  })
  if (idsOf(bot.policy).has(from)) bot.log.warn({ from, to }, 'the policy names a channel that has another id now; write the new one')
}
