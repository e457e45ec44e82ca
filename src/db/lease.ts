import { randomUUID } from 'node:crypto'
import { and, eq, sql } from 'drizzle-orm'
import type { Logger } from 'pino'
import type { Db } from './database.ts'
import { leases } from './pass-tables.ts'

const soon = sql<Date>`now() + interval '60 seconds'`
// In milliseconds. The lease survives two extensions that fail.
const extendedEvery = 15_000

/**
 * Does work that one process at a time may do, for example `pass acme`. The lease is extended while the work runs, so that it
 * outlives work of any length, and ends within a minute after a crash. `signal` is aborted if another process has taken over.
 * Returns undefined, and does nothing, if the work is being done.
 */
export async function alone<Done>(
  { db, log }: { db: Db; log: Logger },
  name: string,
  work: (signal: AbortSignal) => Promise<Done>,
): Promise<Done | undefined> {
  const holder = randomUUID()
  const isOwn = and(eq(leases.name, name), eq(leases.holder, holder))
  const claimed = await db
    .insert(leases)
    .values({ name, holder, until: soon })
    .onConflictDoUpdate({ target: leases.name, set: { holder, until: soon }, setWhere: sql`${leases.until} < now()` })
    .returning({ name: leases.name })
  if (claimed.length === 0) return undefined
  const taken = new AbortController()
  const extend = async () => {
    const extended = await db.update(leases).set({ until: soon }).where(isOwn).returning({ name: leases.name })
    if (extended.length === 0) taken.abort()
  }
  const extending = setInterval(
    () => void extend().catch((err: unknown) => log.warn({ err, lease: name }, 'could not extend a lease')),
    extendedEvery,
  ).unref()
  try {
    return await work(taken.signal)
  } finally {
    clearInterval(extending)
    // Without the database it ends by itself.
    await db
      .delete(leases)
      .where(isOwn)
      .catch((err: unknown) => log.warn({ err, lease: name }, 'could not release a lease'))
  }
}
