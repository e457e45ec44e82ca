import { randomBytes } from 'node:crypto'
import { and, asc, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { RequestFacts } from '../../approvals/facts.ts'
import type { Bot } from '../../context.ts'
import { plain } from '../../core/canonical-json.ts'
import { digestOf } from '../../core/digest.ts'
import { aMinute } from '../../core/durations.ts'
import { Failure } from '../../core/failure.ts'
import { replies } from '../../db/schema.ts'
import type { Person } from '../../security/identity.ts'
import type { Reply } from '../reply-store.ts'

const live = 10 * aMinute
const mostWaiting = 5
// A process that was posting for longer is dead.
const posting = aMinute

/** What a prepared change is stored with, besides command, input and owner. It lies where previews lie, among the interaction contexts. */
const stored = z.object({
  format: z.literal('prepared'),
  /** Of command, input and reason: the same call prepares once, and what is applied is what was prepared. */
  digest: z.string(),
  state: z.enum(['posting', 'waiting', 'applied', 'cancelled']),
  expiresAt: z.number(),
  facts: z.custom<RequestFacts | null>((value) => value === null || typeof value === 'object'), // `readFacts` made them
  reason: z.string().nullable(),
  /** The direct message with *Apply*. */
  place: z.string().nullable(),
  ts: z.string().nullable(),
})

export interface Prepared extends Omit<z.output<typeof stored>, 'format'> {
  id: string
  operation: string
  input: Record<string, unknown>
}

interface Wanted {
  operation: string
  /** As parsed, and without credentials. */
  input: Record<string, unknown>
  facts: RequestFacts | null
  reason: string | undefined
}

/** The prepared change in a row; undefined for the buttons of anything else. */
export function preparedIn({ id, operation, input, result }: Pick<Reply, 'id' | 'operation' | 'input' | 'result'>): Prepared | undefined {
  const { data } = stored.safeParse(result)
  return data && { id, operation, input, ...data }
}

/** Tells two prepared changes apart by what they do and why. */
export function digestOfPrepared({ operation, input, reason }: Pick<Prepared, 'operation' | 'input' | 'reason'>) {
  return digestOf({ operation, input, reason })
}

/** The changes that wait for a person's press, oldest first. */
export async function waitingFor(bot: Pick<Bot, 'db' | 'clock'>, { id: person, team }: Pick<Person, 'id' | 'team'>): Promise<Prepared[]> {
  const rows = await bot.db
    .select()
    .from(replies)
    .where(and(eq(replies.team, team), eq(replies.person, person), sql`${replies.result}->>'format' = 'prepared'`))
    .orderBy(asc(replies.createdAt))
  const now = bot.clock()
  return rows.flatMap((row) => {
    const one = preparedIn(row)
    const isThere = one && (one.state === 'waiting' || (one.state === 'posting' && row.createdAt.getTime() + posting > now))
    return isThere && one.expiresAt > now ? [one] : []
  })
}

/**
 * Takes the place of a prepared change: `made`, to be posted now; or the one that waits for the same call. Throws `conflict` when five
 * wait already. One transaction at a time for each person, on all replicas.
 */
export async function takePlace(
  bot: Bot,
  person: Person,
  { operation, input, facts, reason = null }: Omit<Wanted, 'reason'> & { reason: string | null | undefined },
) {
  const digest = digestOfPrepared({ operation, input, reason })
  return bot.db.transaction(async (tx): Promise<{ made: Prepared } | { same: Prepared }> => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`prepared ${person.team} ${person.id}`}, 0))`)
    const waiting = await waitingFor({ db: tx, clock: bot.clock }, person)
    const same = waiting.find((one) => one.digest === digest)
    if (same) return { same }
    if (waiting.length >= mostWaiting)
      throw new Failure('conflict', 'You already have {count} prepared changes. Apply or cancel one first.', {
        count: mostWaiting,
      })
    const now = bot.clock()
    const state = { digest, state: 'posting' as const, expiresAt: now + live, facts, reason, place: null, ts: null }
    const id = randomBytes(16).toString('base64url')
    const row = { id, team: person.team, person: person.id, operation, input, createdAt: new Date(now) }
    await tx.insert(replies).values({ ...row, result: plain({ format: 'prepared', ...state }) })
    return { made: { id, operation, input, ...state } }
  })
}

/** Writes what has become of it. */
export async function keepPrepared({ db }: Pick<Bot, 'db'>, { id, operation: _, input: __, ...state }: Prepared): Promise<void> {
  await db
    .update(replies)
    .set({ result: plain({ format: 'prepared', ...state }) })
    .where(eq(replies.id, id))
}

/** The prepared change with the facts that it has now, for another ten minutes. */
export function preparedAgain(bot: Pick<Bot, 'clock'>, prepared: Prepared, facts: RequestFacts | null): Prepared {
  return { ...prepared, facts: plain(facts) as RequestFacts | null, expiresAt: bot.clock() + live } // the same as JSON
}

/** Nothing was prepared after all: its message could not be posted. */
export async function dropPrepared({ db }: Pick<Bot, 'db'>, { id }: Prepared): Promise<void> {
  await db.delete(replies).where(eq(replies.id, id))
}
