import { lt } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { aDay, anHour } from '../core/durations.ts'
import { attemptRow } from '../core/each-row.ts'
import { eventsLive } from '../db/event-tables.ts'
import { builds, cards, entries, events, homes, pages, posts, recent, replies } from '../db/schema.ts'
import { deleteExpired } from '../security/secrets.ts'

/** How long events and their cards are kept, in milliseconds. */

/** The `clean-up` job: deletes expired rows of each table. Audit entries are never deleted. */
export async function applyRetention(bot: Pick<Bot, 'db' | 'clock' | 'log'>) {
  const ago = (milliseconds: number) => new Date(bot.clock() - milliseconds)
  const deletions: Record<string, () => Promise<unknown>> = {
    secrets: () => deleteExpired(bot),
    pages: async () => bot.db.delete(pages).where(lt(pages.usedAt, ago(anHour))),
    replies: async () => bot.db.delete(replies).where(lt(replies.createdAt, ago(aDay))),
    // Slack repeats an event for at most an hour, and a modal may stay open for a day.
    entries: async () => bot.db.delete(entries).where(lt(entries.createdAt, ago(2 * aDay))),
    // Longer than the lifetime of the buttons that would post it again.
    posts: async () => bot.db.delete(posts).where(lt(posts.createdAt, ago(2 * aDay))),
    recent: async () => bot.db.delete(recent).where(lt(recent.at, ago(90 * aDay))),
    homes: async () => bot.db.delete(homes).where(lt(homes.openedAt, ago(30 * aDay))),
    events: async () => bot.db.delete(events).where(lt(events.receivedAt, ago(eventsLive))),
    cards: async () => bot.db.delete(cards).where(lt(cards.createdAt, ago(eventsLive))),
    builds: async () => bot.db.delete(builds).where(lt(builds.createdAt, ago(eventsLive))),
  }
  for (const [table, deletion] of Object.entries(deletions)) await attemptRow(bot.log, { table }, deletion)
}
