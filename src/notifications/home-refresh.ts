import { and, eq, gt, inArray, ne, sql } from 'drizzle-orm'
import { type Bot, enqueue } from '../context.ts'
import { aDay } from '../core/durations.ts'
import type { Db } from '../db/database.ts'
import { homes } from '../db/schema.ts'
import { teamOf } from '../slack/clients.ts'

type About = { people: string[] } | { request: string }

/**
 * Queues an update of the App Homes of these people, or of those that show a request as waiting, if they were opened within a day.
 * Several updates are published once. Queued in the same transaction.
 */
export async function enqueueHomeRefresh(bot: Bot, tx: Db, about: About): Promise<void> {
  if ('people' in about && about.people.length === 0) return
  const which = 'people' in about ? inArray(homes.person, about.people) : sql`${homes.waiting} @> ${JSON.stringify([about.request])}::jsonb`
  const moved = await tx
    .update(homes)
    .set({ wanted: sql`${homes.wanted} + 1` })
    .where(and(isOpen(bot), which))
    .returning({ person: homes.person })
  if (moved.length > 0) await enqueue(bot, tx, 'show-homes', {})
}

/** Whether an App Home besides this person's needs an update. */
export async function othersHaveHomes(bot: Bot, person: string): Promise<boolean> {
  const [one] = await bot.db
    .select({ person: homes.person })
    .from(homes)
    .where(and(isOpen(bot), ne(homes.person, person)))
    .limit(1)
  return one !== undefined
}

function isOpen({ slack, clock }: Bot) {
  return and(eq(homes.team, teamOf(slack)), gt(homes.openedAt, new Date(clock() - aDay)))
}
