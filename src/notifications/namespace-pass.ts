import { and, asc, eq, lte, or, sql } from 'drizzle-orm'
import { type Bot, enqueue } from '../context.ts'
import { aMinute } from '../core/durations.ts'
import { keeps } from '../core/kept.ts'
import type { Db } from '../db/database.ts'
import { hooks, namespacePasses, subscriptions } from '../db/schema.ts'

type Keeper = Pick<Bot, 'db' | 'clock'>

/** A subscription, or something in Quay, has changed: the namespace is looked at now. In the transaction of the change. */
export async function enqueuePass(bot: Pick<Bot, 'boss' | 'clock'>, tx: Db, namespaces: string[]): Promise<void> {
  if (namespaces.length === 0) return
  const dueAt = new Date(bot.clock())
  await tx
    .insert(namespacePasses)
    .values([...new Set(namespaces)].map((namespace) => ({ namespace, dueAt })))
    .onConflictDoUpdate({
      target: namespacePasses.namespace,
      set: { dueAt: sql`least(${namespacePasses.dueAt}, excluded.due_at)`, changes: sql`${namespacePasses.changes} + 1` },
    })
  await enqueue(bot, tx, 'reconcile', {})
}

export const namespaceOfTarget = sql<string>`split_part(${subscriptions.target}, '/', 1)`
export const namespaceOfObject = sql<string>`split_part(${hooks.object}, '/', 1)`

const hasAdded = keeps(() => ({ once: false }))

/** Adds the namespaces that have no row, once in the life of a process: of subscriptions that an older release made. */
export async function addOnce(bot: Keeper & Pick<Bot, 'runtime'>): Promise<void> {
  const added = hasAdded(bot)
  if (added.once) return
  await addMissing(bot)
  added.once = true
}

/** Makes every namespace that subscriptions, webhooks or follows need due for a pass now, unless it has one. */
export async function addMissing({ db, clock }: Keeper): Promise<void> {
  const dueAt = new Date(clock()).toISOString()
  await db.execute(sql`
    insert into namespace_passes (namespace, due_at)
    select namespace, ${dueAt}::timestamptz from (
      select split_part(target, '/', 1) as namespace from subscriptions where state <> 'ended'
      union select split_part(object, '/', 1) from hooks
      union select split_part(repository, '/', 1) from follows where watched_since is not null
    ) as needed on conflict (namespace) do nothing`)
}

/** The next namespace that is due: those with a change first, because somebody may wait for it. */
export async function findDue({ db, clock }: Keeper): Promise<Pass | undefined> {
  const [due] = await db
    .select()
    .from(namespacePasses)
    .where(lte(namespacePasses.dueAt, new Date(clock())))
    .orderBy(sql`(${namespacePasses.changes} > 0) desc`, asc(namespacePasses.dueAt))
    .limit(1)
  return due
}

export type Pass = typeof namespacePasses.$inferSelect

/** Begins a pass, or goes on with one that was cut short. Returns undefined if another process has finished it. */
export async function beginPass({ db, clock }: Keeper, namespace: string): Promise<Pass | undefined> {
  const now = new Date(clock())
  const [pass] = await db
    .update(namespacePasses)
    .set({ startedAt: sql`coalesce(${namespacePasses.startedAt}, ${now.toISOString()})` })
    .where(and(eq(namespacePasses.namespace, namespace), lte(namespacePasses.dueAt, now)))
    .returning()
  return pass
}

type Seen = Pick<Pass, 'calls' | 'repositories' | 'objects' | 'subscriptions' | 'listedAt' | 'counted'>

/** Ends a pass; the next one is due after `interval` milliseconds, or at once if something has changed meanwhile. */
export async function finishPass({ db, clock }: Keeper, { namespace, changes }: Pass, seen: Seen, interval: number): Promise<void> {
  const finishedAt = new Date(clock())
  const next = new Date(clock() + interval).toISOString()
  const dueAt = sql`case when ${namespacePasses.changes} = ${changes} then ${next}::timestamptz else ${namespacePasses.dueAt} end`
  await db
    .update(namespacePasses)
    .set({ ...seen, startedAt: null, finishedAt, dueAt, changes: sql`${namespacePasses.changes} - ${changes}` })
    .where(eq(namespacePasses.namespace, namespace))
}

/** Nothing is left to look at in the namespace. */
export async function forgetPass({ db }: Keeper, { namespace, changes }: Pass): Promise<void> {
  await db.delete(namespacePasses).where(and(eq(namespacePasses.namespace, namespace), eq(namespacePasses.changes, changes)))
}

/** Something went wrong, or Quay is away: the same pass goes on in a minute. */
export async function postponePass({ db, clock }: Keeper, namespace: string): Promise<void> {
  await db
    .update(namespacePasses)
    .set({ dueAt: new Date(clock() + aMinute) })
    .where(eq(namespacePasses.namespace, namespace))
}

/** Since when the oldest pass that is due or under way has waited, in milliseconds since 1970; undefined: none does. */
export async function oldestUnfinished({ db, clock }: Keeper): Promise<{ namespace: string; since: number } | undefined> {
  const since = sql<Date>`least(${namespacePasses.dueAt}, ${namespacePasses.startedAt})`.mapWith(namespacePasses.dueAt)
  const [oldest] = await db
    .select({ namespace: namespacePasses.namespace, since })
    .from(namespacePasses)
    .where(or(lte(namespacePasses.dueAt, new Date(clock())), sql`${namespacePasses.startedAt} is not null`))
    .orderBy(since)
    .limit(1)
  return oldest && { namespace: oldest.namespace, since: oldest.since.getTime() }
}
