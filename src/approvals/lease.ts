import { and, eq, inArray, isNull, lte, or, type SQL, sql } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { accessHolds, requests } from '../db/schema.ts'
import type { Quay } from '../quay/registry.ts'
import { audit } from '../security/audit-log.ts'
import { move, type Request, requesterOf, rowOf } from './request.ts'

// A lease is extended before every call to Quay, and a call ends within 15 s. A lease 15 s past its expiry means that its holder died.
const lease = '15 seconds'
const untilTakenOver = '15 seconds'
const extendedAtMost = 3_000

/** Another process has taken over the run: this one must neither call Quay nor write anything. */
export class LeaseLost extends Error {}

/** Not leased, or leased by a process that must be dead. By the database's clock, because all replicas share it. */
export function isFree({
  leaseUntil,
}: {
  leaseUntil: typeof requests.leaseUntil | typeof accessHolds.leaseUntil
} = requests): SQL | undefined {
  return or(isNull(leaseUntil), sql`${leaseUntil} + interval '${sql.raw(untilTakenOver)}' < now()`)
}

/** Approved or begun, held by nobody, and not to be tried again later only. */
export function isRunnable({ clock }: Pick<Bot, 'clock'>): SQL | undefined {
  const isDue = or(isNull(requests.retryAt), lte(requests.retryAt, new Date(clock())))
  return and(inArray(requests.state, ['approved', 'running']), isFree(), isDue)
}

/** The request, if it can be run and nobody runs it. The caller sets the new state. */
export async function findRunnable(bot: Pick<Bot, 'db' | 'clock'>, id: string): Promise<Request | undefined> {
  const [request] = await bot.db
    .select()
    .from(requests)
    .where(and(eq(requests.id, id), isRunnable(bot)))
  return request
}

/**
 * Begins the next attempt, fenced by its number, and writes audit *started* before any call to Quay.
 * Returns undefined if another process runs it or its state has changed.
 */
export function beginAttempt(bot: Bot, request: Request, right: string): Promise<Request | undefined> {
  return bot.db.transaction(async (tx) => {
    const only = and(eq(requests.attempt, request.attempt), eq(requests.mode, request.mode), isRunnable(bot))
    // From here on it is uncertain whether Quay was called.
    const mode = request.mode === 'first' ? 'later' : request.mode
    const change = { attempt: request.attempt + 1, mode, leaseUntil: soon(), retryAt: null, note: null } as unknown as Partial<Request> // `soon` is an SQL expression for the column
    const row = await move(bot, tx, request, 'running', { change, only })
    if (row) await audit(bot, tx, { ...rowOf(request), person: requesterOf(request), phase: 'started', right })
    return row
  })
}

/** Until when a lease that is taken or extended now is valid. */
export function soon() {
  return sql`now() + interval '${sql.raw(lease)}'`
}

/** The fields that an attempt may still write. */
export function isMine({ attempt }: Request): SQL {
  return eq(requests.attempt, attempt)
}

/** The same registry; before every call it checks that this attempt is still the latest. Throws LeaseLost. */
export function fenced(bot: Bot, quay: Quay, request: Request): Quay {
  return fencedBy(quay, async () => {
    const held = await bot.db
      .update(requests)
      .set({ leaseUntil: soon() as unknown as Date }) // an SQL expression for the column
      .where(and(eq(requests.id, request.id), eq(requests.state, 'running'), isMine(request)))
      .returning({ id: requests.id })
    return held.length > 0
  })
}

/** The same registry; before a call it extends the lease that `extend` knows of, if it is not fresh. Throws LeaseLost if that is another's. */
export function fencedBy(quay: Quay, extend: () => Promise<boolean>): Quay {
  let extendedAt = performance.now()
  const hold = async () => {
    if (performance.now() - extendedAt < extendedAtMost) return
    if (!(await extend())) throw new LeaseLost()
    extendedAt = performance.now()
  }
  const { rateLimiter: budget } = quay
  // The rate limiter may delay the call for longer than a lease lasts; the check runs once more right before it.
  const turn: typeof budget.turn = async (purpose, limit) => {
    const holding = setInterval(() => void hold().catch(() => undefined), extendedAtMost)
    await budget.turn(purpose, limit).finally(() => clearInterval(holding))
    await hold()
  }
  return { ...quay, rateLimiter: { ...budget, turn } }
}

/** Frees all leases at the start of the only process on its database, when no other can be running. */
export async function dropLeases({ db }: Pick<Bot, 'db'>) {
  await db.update(requests).set({ leaseUntil: null, drawingUntil: null })
  await db.update(accessHolds).set({ leaseUntil: null })
}
