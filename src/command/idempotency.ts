import { and, asc, eq, lt } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import type { Db } from '../db/database.ts'
import { entries, type Outcome } from '../db/schema.ts'
import type { Person } from '../security/identity.ts'

export type { Outcome }

/** A changing command, modal or button as it arrived. */
export interface Entry {
  /** Slack's event, trigger or view id, with the operation: whatever is the same when the same thing arrives again. */
  key: string
  person: Pick<Person, 'id' | 'team'>
  operation: string
  reference: string
}

export type Acquired =
  | { first: true }
  /** It had arrived before. Without an outcome it still runs, or its process died. */
  | { first: false; reference: string; outcome: Outcome | undefined }

/**
 * Claims an entry in the transaction that writes audit *started*, so that of a command that arrives twice, on any
 * replica, one runs. Waits for a first arrival whose transaction is still open.
 */
export async function acquire(bot: Pick<Bot, 'clock'>, tx: Db, { key, person, operation, reference }: Entry): Promise<Acquired> {
  const row = { key, team: person.team, person: person.id, operation, reference, createdAt: new Date(bot.clock()) }
  const made = await tx.insert(entries).values(row).onConflictDoNothing().returning({ key: entries.key })
  if (made.length === 1) return { first: true }
  const [before] = await tx.select().from(entries).where(eq(entries.key, key))
  return { first: false, reference: before?.reference ?? reference, outcome: before?.outcome ?? undefined }
}

/**
 * Remembers how an entry ended, for its second arrival. Best in the transaction that writes audit *finished* or *failed*.
 * Whoever knows the end overwrites what a sweep supposed. False: there is no such entry.
 */
export async function complete(tx: Db, key: string, outcome: Outcome): Promise<boolean> {
  const settled = await tx.update(entries).set({ state: 'done', outcome }).where(eq(entries.key, key)).returning({ key: entries.key })
  return settled.length > 0
}

export type Orphan = Pick<typeof entries.$inferSelect, 'key' | 'team' | 'person' | 'operation' | 'reference' | 'createdAt'>

/** Entries that began before a moment and have no end: their process died, or their outcome could not be written. 100 at a time. */
export function findOrphans(db: Db, before: Date): Promise<Orphan[]> {
  return db
    .select()
    .from(entries)
    .where(and(eq(entries.state, 'running'), lt(entries.createdAt, before)))
    .orderBy(asc(entries.createdAt))
    .limit(100)
}

/** Ends an entry that nobody else has ended meanwhile. False: somebody has. */
export async function settleOrphan(tx: Db, key: string, outcome: Outcome): Promise<boolean> {
  const settled = await tx
    .update(entries)
    .set({ state: 'done', outcome })
    .where(and(eq(entries.key, key), eq(entries.state, 'running')))
    .returning({ key: entries.key })
  return settled.length > 0
}
