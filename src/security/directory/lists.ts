import { and, asc, desc, eq, inArray, isNull, like, lte, notInArray, or, type SQL, sql } from 'drizzle-orm'
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core'
import type { Bot } from '../../context.ts'
import { aMinute } from '../../core/durations.ts'
import type { Failure } from '../../core/failure.ts'
import type { Db } from '../../db/database.ts'
import { directoryLists } from '../../db/directory-tables.ts'

export type List = typeof directoryLists.$inferSelect
type Keeper = Pick<Bot, 'db' | 'clock' | 'config' | 'keys'>

// Extended with every page, and while its call waits for the rate limiter.
const lease = sql`now() + interval '2 minutes'`

/** The list of an organization’s teams, members and repositories. */
export const listOf = (organization: string) => `${organization}/*`

const ofOrganizations = like(directoryLists.list, '%/*')

/**
 * Makes the two lists that everything else comes from. If the key of the addresses is no longer in SECRETS_KEY, they are hashed anew;
 * a whole pass does that anyway.
 */
export async function beginLists({ db, clock, keys }: Pick<Bot, 'db' | 'clock' | 'keys'>): Promise<void> {
  const dueAt = new Date(clock())
  const both = [
    { list: 'users', dueAt, keyId: keys.id },
    { list: 'organizations', dueAt },
  ]
  await db.insert(directoryLists).values(both).onConflictDoNothing()
  const anew = { keyId: keys.id, dueAt, finishedAt: null, startedAt: null }
  await db
    .update(directoryLists)
    .set(anew)
    .where(
      and(
        eq(directoryLists.list, 'users'),
        notInArray(
          directoryLists.keyId,
          keys.ring.map(({ id }) => id),
        ),
      ),
    )
}

/** Takes the next list that is due, or this one if it is due, for nobody else to read. A pass that was cut short goes on at its page. */
export function claimDue({ db, clock }: Keeper, holder: string, only?: string): Promise<List | undefined> {
  const now = new Date(clock())
  const isFree = or(isNull(directoryLists.leaseUntil), sql`${directoryLists.leaseUntil} < now()`)
  return db.transaction(async (tx) => {
    const [due] = await tx
      .select({ list: directoryLists.list, startedAt: directoryLists.startedAt, urgent: directoryLists.urgent })
      .from(directoryLists)
      .where(and(lte(directoryLists.dueAt, now), isFree, only === undefined ? undefined : eq(directoryLists.list, only)))
      // Accounts and organizations first, because newcomers wait for them.
      .orderBy(asc(ofOrganizations), desc(directoryLists.urgent), asc(directoryLists.dueAt))
      .limit(1)
      .for('update', { skipLocked: true })
    if (!due) return undefined
    const begin = { pass: sql`${directoryLists.pass} + 1`, startedAt: now, next: null, first: null, pages: 0, urgent: false }
    const change = { holder, leaseUntil: lease, ...(due.startedAt === null && begin) }
    const [claimed] = await tx.update(directoryLists).set(change).where(eq(directoryLists.list, due.list)).returning()
    return claimed && { ...claimed, urgent: due.urgent }
  })
}

/** Changes a list that is still held. Returns undefined if another process has taken over: then nothing may be written. */
export async function changeHeld(
  tx: Db,
  { list, holder }: List,
  change: PgUpdateSetSource<typeof directoryLists>,
): Promise<List | undefined> {
  const held = and(eq(directoryLists.list, list), eq(directoryLists.holder, holder ?? ''))
  const [changed] = await tx
    .update(directoryLists)
    .set({ leaseUntil: lease, ...change })
    .where(held)
    .returning()
  return changed
}

const released = { holder: null, leaseUntil: null }

/** At the start of the only process on its database: whoever holds a list is dead. */
export async function dropListLeases({ db }: Pick<Bot, 'db'>): Promise<void> {
  await db.update(directoryLists).set(released)
}

/** Lets others go on with it. */
export async function release({ db }: Pick<Bot, 'db'>, list: List): Promise<void> {
  await changeHeld(db, list, released)
}

/** Ends a whole pass. If somebody asked for another meanwhile, it is due at once. */
export async function finishPass(bot: Keeper, tx: Db, list: List): Promise<void> {
  const now = bot.clock()
  const next = new Date(now + (await periodOf(bot, tx, list)))
  const dueAt = sql`case when ${directoryLists.urgent} then ${new Date(now).toISOString()}::timestamptz else ${next.toISOString()}::timestamptz end`
  const done = {
    startedAt: null,
    asOf: list.startedAt,
    finishedAt: new Date(now),
    knownPages: list.pages,
    next: null,
    problem: null,
    ...(list.list === 'users' && { keyId: bot.keys.id }),
  }
  await changeHeld(tx, list, { ...released, ...done, dueAt })
}

/** A failed attempt is repeated where it was: in a minute, or in ten if Quay refuses it. */
export async function postpone({ db, clock }: Keeper, list: List, failure: Failure, begin = false): Promise<void> {
  const { code, sentence, passes } = failure
  const dueAt = new Date(clock() + (passes ? aMinute : 10 * aMinute))
  await changeHeld(db, list, { ...released, dueAt, problem: { ...sentence, code }, ...(begin && { startedAt: null }) })
}

// Of all calls that Quay takes: for accounts and organizations, and for what is in the organizations.
const shares = { names: 0.03, contents: 0.05 }

/** Milliseconds between two passes: ten or thirty minutes, and more where that would exceed the share of QUAY_RATE. */
async function periodOf({ config }: Keeper, tx: Db, { list, pages }: List) {
  if (!list.endsWith('/*')) return Math.max(10 * aMinute, (pages / (config.QUAY_RATE * shares.names)) * 1000)
  // The first page of an organization is three calls.
  const calls = sql<number>`coalesce(sum(${directoryLists.knownPages} + 2), 0)::int`
  const [all] = await tx.select({ calls }).from(directoryLists).where(ofOrganizations)
  return Math.max(30 * aMinute, ((all?.calls ?? 0) / (config.QUAY_RATE * shares.contents)) * 1000)
}

/** Has lists read again soon: by the next run of the job, before others if somebody waits. */
export async function markDue({ clock }: Pick<Bot, 'clock'>, db: Db, lists: string[], urgent = false): Promise<void> {
  const now = new Date(clock())
  const earlier = sql`least(${directoryLists.dueAt}, ${now.toISOString()}::timestamptz)`
  await db
    .update(directoryLists)
    .set({ dueAt: earlier, ...(urgent && { urgent }) })
    .where(inArray(directoryLists.list, lists))
}

/** How far this list of the directory was read; undefined: never begun. */
export async function findList({ db }: Pick<Bot, 'db'>, list: string): Promise<List | undefined> {
  const [found] = await db.select().from(directoryLists).where(eq(directoryLists.list, list))
  return found
}

/** Lists of organizations that are gone, with a condition on their names. */
export async function dropLists(tx: Db, isGone: SQL): Promise<void> {
  await tx.delete(directoryLists).where(and(ofOrganizations, isGone))
}
