import { and, eq, inArray, isNull, lte, or, type SQL, sql } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { requests } from '../db/schema.ts'
import type { Quay } from '../quay/registry.ts'
import { audit } from '../security/audit-log.ts'
import { move, type Request, requesterOf, rowOf } from './request.ts'

// A lease is extended before every call to Quay, and each call ends within 15 s: who lets a lease and 15 s more pass is dead.
const lease = '15 seconds'
const untilTakenOver = '15 seconds'
const extendedAtMost = 3_000

/** Somebody else has taken the run over: nothing more may be called, and nothing written. */
export class LeaseLost extends Error {}

/** Not leased, or by somebody who must be dead by now. By the database's clock, because all replicas share it. */
export function isFree(): SQL | undefined {
  return or(isNull(requests.leaseUntil), sql`${requests.leaseUntil} + interval '${sql.raw(untilTakenOver)}' < now()`)
}

export function isDue({ clock }: Pick<Bot, 'clock'>): SQL | undefined {
  return or(isNull(requests.retryAt), lte(requests.retryAt, new Date(clock())))
}

/** The request, if there is something to run that nobody is running: what it turns into is then for the caller to write. */
export async function findRunnable(bot: Pick<Bot, 'db' | 'clock'>, id: string): Promise<Request | undefined> {
  const [request] = await bot.db
    .select()
    .from(requests)
    .where(and(eq(requests.id, id), inArray(requests.state, ['approved', 'running']), isFree(), isDue(bot)))
  return request
}

/**
 * Begins an attempt: the next one, fenced by its number. Writes *started* with it, before Quay hears of anything.
 * Undefined: somebody else runs it, or it has gone on.
 */
export function beginAttempt(bot: Bot, request: Request, right: string): Promise<Request | undefined> {
  return bot.db.transaction(async (tx) => {
    const only = and(
      inArray(requests.state, ['approved', 'running']),
      eq(requests.attempt, request.attempt),
      eq(requests.mode, request.mode),
      isFree(),
      isDue(bot),
    )
    // From here on nobody can know whether Quay has heard of it.
    const mode = request.mode === 'first' ? 'later' : request.mode
    const change = { attempt: request.attempt + 1, mode, leaseUntil: soon(), retryAt: null, note: null } as unknown as Partial<Request>
    const row = await move(bot, tx, request, 'running', { change, only })
    if (row) await audit(bot, tx, { ...rowOf(request), person: requesterOf(request), phase: 'started', right })
    return row
  })
}

function soon() {
  return sql`now() + interval '${sql.raw(lease)}'`
}

/** What an attempt may still write. */
export function isMine({ attempt }: Request): SQL {
  return eq(requests.attempt, attempt)
}

/** The same registry, which every call asks first whether the attempt is still the latest. Throws LeaseLost. */
export function fenced(bot: Bot, quay: Quay, request: Request): Quay {
  let extendedAt = performance.now()
  const hold = async () => {
    if (performance.now() - extendedAt < extendedAtMost) return
    const held = await bot.db
      .update(requests)
      .set({ leaseUntil: soon() as unknown as Date })
      .where(and(eq(requests.id, request.id), eq(requests.state, 'running'), isMine(request)))
      .returning({ id: requests.id })
    if (held.length === 0) throw new LeaseLost()
    extendedAt = performance.now()
  }
  const { rateLimiter: budget } = quay
  // Its turn may have been long in coming: the question is asked right before the call.
  return { ...quay, rateLimiter: { ...budget, turn: async (purpose, limit) => budget.turn(purpose, limit).then(hold) } }
}

/** At the start of the only process on its database nobody else can be running anything. */
export async function dropLeases({ db }: Pick<Bot, 'db'>) {
  await db.update(requests).set({ leaseUntil: null, drawingUntil: null })
}
