import { lt } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { aDay, anHour } from '../core/durations.ts'
import { eventsLive } from '../db/event-tables.ts'
import { builds, cards, entries, events, homes, pages, posts, recent, replies } from '../db/schema.ts'
import { deleteExpired } from '../security/secrets.ts'

/** How long events live, and the cards about them. */

/** The `clean-up` job: deletes what has lived long enough. The audit lives for ever. */
export async function cleanUp(bot: Pick<Bot, 'db' | 'clock'>) {
  const ago = (milliseconds: number) => new Date(bot.clock() - milliseconds)
  await deleteExpired(bot)
  await bot.db.delete(pages).where(lt(pages.usedAt, ago(anHour)))
  await bot.db.delete(replies).where(lt(replies.createdAt, ago(aDay)))
  // Slack repeats an event for an hour at most, and a modal may lie open for a day.
  await bot.db.delete(entries).where(lt(entries.createdAt, ago(2 * aDay)))
  // Longer than the buttons live that would post it again.
  await bot.db.delete(posts).where(lt(posts.createdAt, ago(2 * aDay)))
  await bot.db.delete(recent).where(lt(recent.at, ago(90 * aDay)))
  await bot.db.delete(homes).where(lt(homes.openedAt, ago(30 * aDay)))
  await bot.db.delete(events).where(lt(events.receivedAt, ago(eventsLive)))
  await bot.db.delete(cards).where(lt(cards.createdAt, ago(eventsLive)))
  await bot.db.delete(builds).where(lt(builds.createdAt, ago(eventsLive)))
}
