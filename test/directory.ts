import { and, count, isNull, or, sql } from 'drizzle-orm'
import { vi } from 'vitest'
import type { Bot } from '../src/context.ts'
import { directoryLists } from '../src/db/schema.ts'
import { refreshDirectory } from '../src/security/directory/pass.ts'

const waiting = { timeout: 30_000, interval: 10 }

/** Waits for the first pass of a bot over its registry, or for what stops it, so that no call of it falls into a test. */
export async function untilDirectoryRead({ db }: Pick<Bot, 'db'>) {
  const isUnread = or(sql`${directoryLists.holder} is not null`, and(isNull(directoryLists.finishedAt), isNull(directoryLists.problem)))
  await vi.waitFor(async () => {
    const [all] = await db.select({ lists: count(), unread: sql<number>`(count(*) filter (where ${isUnread}))::int` }).from(directoryLists)
    if (!all || all.lists < 2 || all.unread > 0) throw new Error('the directory is not read yet')
  }, waiting)
}

/** A whole pass over everything, as it comes with time. */
export async function passOverDirectory(bot: Bot) {
  await bot.db.update(directoryLists).set({ dueAt: new Date(0) })
  await refreshDirectory(bot)
  await untilDirectoryRead(bot)
}
