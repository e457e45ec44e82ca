import { setTimeout as pause } from 'node:timers/promises'
import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import type { GrantState } from '../../db/access-tables.ts'
import type { Db } from '../../db/database.ts'
import { accessGrants, accessHolds } from '../../db/schema.ts'
import type { Quay } from '../../quay/registry.ts'
import { fencedBy, isFree, LeaseLost, soon } from '../lease.ts'
import { newRequestId } from '../request.ts'
import { roleOf } from './in-force.ts'
import type { Target } from './target.ts'

export type Hold = typeof accessHolds.$inferSelect
export type Grant = typeof accessGrants.$inferSelect

/** In milliseconds. A call whose answer was lost may still be done; Quay ends one within 15 seconds. */
export const untilCertain = 30_000

/** Grants that are not over. */
export const openStates: GrantState[] = ['starting', 'active', 'ending', 'asking']

/** What one process may do with a hold while it has the lease. */
export interface Held {
  hold: Hold
  /** Every call first checks that the lease is still ours. */
  quay: Quay
  /** Changes the row, if the lease is still ours. Throws LeaseLost. */
  write(tx: Db, change: Partial<Hold>): Promise<void>
  /** The Slack person who ends a grant now, and reads the end of it in the reply. */
  reads?: { grant: string; person: string } | undefined
}

/** The row that everything temporary about this permission or membership belongs to; undefined: there never was any. */
export async function findHold(db: Db, { kind, object, grantee }: Target): Promise<Hold | undefined> {
  const is = and(eq(accessHolds.kind, kind), eq(accessHolds.object, object), eq(accessHolds.grantee, grantee))
  const [hold] = await db.select().from(accessHolds).where(is)
  return hold
}

/** The hold of a target, made if there is none. */
export async function ensureHold(bot: Pick<Bot, 'db' | 'clock'>, target: Target): Promise<Hold> {
  const { kind, object, grantee } = target
  const row = { id: newRequestId(), kind, object, grantee, createdAt: new Date(bot.clock()) }
  await bot.db.insert(accessHolds).values(row).onConflictDoNothing()
  const hold = await findHold(bot.db, target)
  if (!hold) throw new TypeError('a hold that was made is gone')
  return hold
}

/** What was given for a while and has not ended, oldest first. */
export function openGrants(db: Db, hold: string): Promise<Grant[]> {
  const is = and(eq(accessGrants.hold, hold), inArray(accessGrants.state, openStates))
  return db.select().from(accessGrants).where(is).orderBy(asc(accessGrants.startedAt), asc(accessGrants.id))
}

/** Who has something on an object for a while: the grantees of its open grants. */
export async function heldForAWhile(db: Db, { kind, object }: Pick<Target, 'kind' | 'object'>): Promise<string[]> {
  const is = and(eq(accessHolds.kind, kind), eq(accessHolds.object, object), inArray(accessGrants.state, openStates))
  const rows = await db
    .selectDistinct({ grantee: accessHolds.grantee })
    .from(accessHolds)
    .innerJoin(accessGrants, eq(accessGrants.hold, accessHolds.id))
    .where(is)
  return rows.map(({ grantee }) => grantee)
}

/** The roles that a hold and its grants in force give. */
export function rolesOf({ kind }: Pick<Hold, 'kind'>, grants: Pick<Grant, 'role'>[]) {
  return grants.flatMap(({ role }) => roleOf(kind, role) ?? [])
}

/** Works on a hold alone, fenced by the number of its attempt. Undefined: another process has it. */
export async function withLease<Done>(bot: Bot, id: string, quay: Quay, work: (held: Held) => Promise<Done>): Promise<Done | undefined> {
  const [hold] = await bot.db
    .update(accessHolds)
    .set({ attempt: sql`${accessHolds.attempt} + 1`, leaseUntil: soon() as unknown as Date }) // an SQL expression for the column
    .where(and(eq(accessHolds.id, id), isFree(accessHolds)))
    .returning()
  if (!hold) return undefined
  const isOurs = and(eq(accessHolds.id, id), eq(accessHolds.attempt, hold.attempt))
  const extend = async () => {
    const leaseUntil = soon() as unknown as Date // an SQL expression for the column
    return (await bot.db.update(accessHolds).set({ leaseUntil }).where(isOurs).returning({ id: accessHolds.id })).length > 0
  }
  const write = async (tx: Db, change: Partial<Hold>) => {
    const [row] = await tx.update(accessHolds).set(change).where(isOurs).returning()
    if (!row) throw new LeaseLost()
    Object.assign(hold, row)
  }
  try {
    return await work({ hold, quay: fencedBy(quay, extend), write })
  } finally {
    await bot.db.update(accessHolds).set({ leaseUntil: null }).where(isOurs)
  }
}

const patience = { times: 20, every: 150 }

/** The same for a person, who waits a moment for whoever has it. Throws `unavailable`. */
export async function withHold<Done>(bot: Bot, hold: Hold, quay: Quay, work: (held: Held) => Promise<{ done: Done }>): Promise<Done> {
  for (let time = 0; time < patience.times; time += 1) {
    const outcome = await withLease(bot, hold.id, quay, work)
    if (outcome) return outcome.done
    await pause(patience.every)
  }
  throw new Failure('unavailable', 'The access of {grantee} to {object} is being changed right now.', {
    grantee: hold.grantee,
    object: hold.object,
  })
}
