import { and, inArray, lte } from 'drizzle-orm'
import { expect } from 'vitest'
import { endAccess } from '../../src/approvals/access/end-due.ts'
import type { Bot } from '../../src/context.ts'
import { accessGrants } from '../../src/db/schema.ts'
import type { PersonAtSlack } from '../people.ts'

/** Lets hours go by, and waits until whatever is due then has ended. */
export async function hoursLater({ bot, bea }: { bot: Bot; bea: PersonAtSlack }, hours: number) {
  await bea.post('clock', { advance_ms: hours * 3_600_000 })
  const due = and(inArray(accessGrants.state, ['active', 'ending']), lte(accessGrants.endsAt, new Date(bot.clock())))
  // The bot's own job may have taken it up.
  const left = async () => {
    await endAccess(bot)
    return (await bot.db.select({ id: accessGrants.id }).from(accessGrants).where(due)).length
  }
  await expect.poll(left, { timeout: 30_000, interval: 50 }).toBe(0)
}
