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
}

/** As `Sent`; and what the row says: somebody is at it, or nobody can find out whether it stands there. */
export type Kept = Sent | { became: 'underway' } | { became: 'unsure' }

// Longer than a call of Slack's may take: then whoever was at it is dead.
const lease = 15_000

/**
 * Posts the message of a key, once for ever, whoever asks and however often. Its row is written first; after a lost answer, or by
 * who comes after one that died, the message is looked for before it is posted again.
 *
 * Where the bot may not look (the history scopes are optional) what may stand there is not posted again: `unsure`. That is decided
 * for every kind alike, because each has another way to its person: a credential's button stands in the reply and in App Home, a
 * reply's outcome in the modal, in Quay and in the audit, a note's words on the card; and of *Share* the person sees the channel.
 * Cards, which have no other way, are repeated there and say that they supersede (`superseding`; docs/SECURITY.md rule 19).
 */
export async function postKeyed(poster: Poster, { key, channel, message, thread }: Keyed): Promise<Kept> {
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
  const outcome = await postCard(poster.slack, { ...where, message })
  if (outcome.became !== 'unknown') return keep(poster, row, outcome)
  // Most answers that are lost are those of calls that took effect.
  const found = await findOwn(poster.slack, { ...where, since: row.createdAt.getTime() })
  if (found === 'unknowable') return keep(poster, row, { became: 'unsure' })
  return keep(poster, row, found.became === 'posted' ? found : outcome)
}

/** Random for whoever reads it, and the same for the same key. */
export function markerOf(key: string) {
  return createHash('sha256').update(key).digest('base64url').slice(0, 22)
}

/** The row, for whoever posts now. `first`: nobody can have posted it yet. */
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

/** What is known of it is written down; what is known not to stand there waits, or begins anew with whoever asks again. */
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
