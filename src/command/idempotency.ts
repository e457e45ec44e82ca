import { and, asc, eq, lt } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import type { Db } from '../db/database.ts'
import { entries, type Outcome } from '../db/schema.ts'
import type { Person } from '../security/identity.ts'

export type { Outcome }

/** A changing command, modal or button as it arrived, with its idempotency key. */
export interface Entry {
  /** Slack's event, trigger or view id, with the command: equal whenever the same thing arrives again. */
  key: string
  person: Pick<Person, 'id' | 'team'>
  operation: string
  reference: string
}

export type Acquired =
  | { first: true }
  /** It arrived before. Without an outcome it is still running, or its process died. */
  | { first: false; reference: string; outcome: Outcome | undefined }

/**
 * Acquires an idempotency key in the transaction that writes audit *started*, so that a command that arrives twice, on any
 * replica, runs once. Waits for the first arrival if its transaction is still open.
 */
export async function acquire(bot: Pick<Bot, 'clock'>, tx: Db, { key, person, operation, reference }: Entry): Promise<Acquired> {
  const row = { key, team: person.team, person: person.id, operation, reference, createdAt: new Date(bot.clock()) }
  const made = await tx.insert(entries).values(row).onConflictDoNothing().returning({ key: entries.key })
  if (made.length === 1) return { first: true }
  const [before] = await tx.select().from(entries).where(eq(entries.key, key))
  return { first: false, reference: before?.reference ?? reference, outcome: before?.outcome ?? undefined }
}

/**
 * Stores the outcome under its key, for a second arrival. Best in the transaction that writes audit *finished* or *failed*.
 * A known outcome overwrites what a sweep assumed. Returns false if there is no such key.
 */
export async function complete(tx: Db, key: string, outcome: Outcome): Promise<boolean> {
  const settled = await tx.update(entries).set({ state: 'done', outcome }).where(eq(entries.key, key)).returning({ key: entries.key })
  return settled.length > 0
}

export type Orphan = Pick<typeof entries.$inferSelect, 'key' | 'team' | 'person' | 'operation' | 'reference' | 'createdAt'>

/** Keys acquired before `before` that have no outcome: their process died, or the outcome could not be written. 100 at a time. */
export function findOrphans(db: Db, before: Date): Promise<Orphan[]> {
  return db
    .select()
    .from(entries)
    .where(and(eq(entries.state, 'running'), lt(entries.createdAt, before)))
    .orderBy(asc(entries.createdAt))
    .limit(100)
}

/** Stores an outcome unless there is one already. Returns false if there is. */
export async function settleOrphan(tx: Db, key: string, outcome: Outcome): Promise<boolean> {
  const settled = await tx
    .update(entries)
    .set({ state: 'done', outcome })
    .where(and(eq(entries.key, key), eq(entries.state, 'running')))
    .returning({ key: entries.key })
  return settled.length > 0
}
