import { createHash } from 'node:crypto'
import { and, eq, lte, ne } from 'drizzle-orm'
import type { NodePgQueryResultHKT } from 'drizzle-orm/node-postgres'
import type { PgDatabase } from 'drizzle-orm/pg-core'
import { posts } from '../db/schema.ts'
import type { Message } from './blocks.ts'
import type { Slack } from './clients.ts'
import { findOwn, postCard, type Sent } from './post-once.ts'

export type Rows = PgDatabase<NodePgQueryResultHKT>
export type Post = typeof posts.$inferSelect

interface Poster {
  db: Rows
  slack: Slack
  clock: () => number
}

export interface Keyed {
  key: string
  channel: string
  message: Message
  thread?: string | undefined
  /** A reply in a thread that the channel shows too. */
  broadcast?: boolean | undefined
}

/** `Sent`, or the state of the row: another process is posting, or nobody can find out whether it was posted. */
export type Kept = Sent | { became: 'underway' } | { became: 'unsure' }

// Longer than a call to Slack may take; after that the process that was posting is dead.
const lease = 15_000

/**
 * Posts the message of a key exactly once, whoever calls it and however often. The row is written first. After a lost answer, or
 * after a crash of the process that was posting, the message is looked for before it is posted again.
 *
 * If the bot may not read the channel (the history scopes are optional), a message that may exist is not posted again: `unsure`.
 * That applies to every kind of message, because each has a second way to its reader: a credential's button is in the reply and in
 * App Home, an outcome in the modal, in Quay and in the audit log, a note's text on the card, and *Share* is visible in the channel.
 * Cards have no second way, so they are posted again and say that they supersede (`superseding`; docs/SECURITY.md rule 19).
 */
export async function postKeyed(poster: Poster, { key, channel, message, thread, broadcast }: Keyed): Promise<Kept> {
  const taken = await take(poster, { key, channel, thread })
  if ('became' in taken) return taken
  const { row, first } = taken
  const marker = markerOf(key)
  const where = { channel, thread, marker }
  if (!first) {
    const found = await findOwn(poster.slack, { ...where, since: row.createdAt.getTime() })
    if (found === 'unknowable' || found.became === 'posted') return keep(poster, row, found === 'unknowable' ? { became: 'unsure' } : found)
    if (found.became !== 'gone') return keep(poster, row, { became: 'unknown', problem: found.problem })
  }
  const outcome = await postCard(poster.slack, { ...where, message, broadcast })
  if (outcome.became !== 'unknown') return keep(poster, row, outcome)
  // Most calls with a lost answer took effect.
  const found = await findOwn(poster.slack, { ...where, since: row.createdAt.getTime() })
  if (found === 'unknowable') return keep(poster, row, { became: 'unsure' })
  return keep(poster, row, found.became === 'posted' ? found : outcome)
}

/** Unpredictable for readers, and the same for the same key. */
export function markerOf(key: string) {
  return createHash('sha256').update(key).digest('base64url').slice(0, 22)
}

/** The row, leased for this process. `first`: nobody can have posted it yet. */
async function take(
  { db, clock }: Poster,
  { key, channel, thread }: Omit<Keyed, 'message'>,
): Promise<Kept | { row: Post; first: boolean }> {
  const now = clock()
  const dueAt = new Date(now + lease)
  const fresh = { key, channel, thread: thread ?? null, state: 'posting' as const, dueAt, createdAt: new Date(now) }
  const [made] = await db.insert(posts).values(fresh).onConflictDoNothing().returning()
  if (made) return { row: made, first: true }
  const [before] = await db.select().from(posts).where(eq(posts.key, key))
  if (before?.state === 'posted') return { became: 'posted', place: before.place ?? channel, ts: before.ts ?? '' }
  if (before?.state === 'unsure') return { became: 'unsure' }
  const [row] = await db
    .update(posts)
    .set({ state: 'posting', dueAt })
    .where(and(eq(posts.key, key), ne(posts.state, 'posted'), lte(posts.dueAt, new Date(now))))
    .returning()
  return row ? { row, first: before?.state === 'waiting' } : { became: 'underway' }
}

/** Stores what is known. A message that certainly was not posted waits, or is posted by the next caller. */
async function keep({ db, clock }: Poster, row: Post, outcome: Kept): Promise<Kept> {
  const is = eq(posts.key, row.key)
  const attempts = row.attempts + 1
  const again = (milliseconds: number) => new Date(clock() + milliseconds)
  switch (outcome.became) {
    case 'posted':
      await db.update(posts).set({ state: 'posted', place: outcome.place, ts: outcome.ts, attempts }).where(is)
      return outcome
    case 'unsure':
      await db.update(posts).set({ state: 'unsure', attempts }).where(is)
      return outcome
    case 'unknown':
      await db
        .update(posts)
        .set({ attempts, dueAt: again(delay(row.attempts)) })
        .where(is)
      return outcome
    case 'underway':
      return outcome
    default:
      if (row.message === null) await db.delete(posts).where(is)
      else {
        const wait = outcome.became === 'limited' ? Math.max(1, outcome.seconds) * 1_000 : Math.max(aMinute, delay(row.attempts))
        await db
          .update(posts)
          .set({ state: 'waiting', attempts, dueAt: again(wait) })
          .where(is)
      }
      return outcome
  }
}

const aMinute = 60_000

/** Two seconds, four, eight, up to ten minutes. */
function delay(attempts: number) {
  return Math.min(10 * aMinute, 2_000 * 2 ** Math.min(attempts, 10))
}
