import { and, eq, gt, inArray, max, sql, sum } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { aDay, aMinute } from '../core/durations.ts'
import { Failure, logged } from '../core/failure.ts'
import type { Counted } from '../db/pass-tables.ts'
import { events } from '../db/schema.ts'
import { dayOf } from '../quay/dates.ts'
import { totalNamespaceLogs } from '../quay/log-totals.ts'
import { type LogEntry, listNamespaceLogs } from '../quay/logs.ts'
import type { Pass } from './namespace-pass.ts'
import type { Webhook } from './webhook-registration.ts'

// Of what Quay writes into its usage log it tells by these events, each once. A build has a first one and others later.
const told: Record<string, string> = {
  push_repo: 'repo_push',
  build_dockerfile: 'build_queued',
  repo_mirror_sync_started: 'repo_mirror_sync_started',
  repo_mirror_sync_success: 'repo_mirror_sync_success',
  repo_mirror_sync_failed: 'repo_mirror_sync_failed',
}
const deletions = ['delete_repo_notification', 'delete_namespace_notification']
const listings = ['create_repo', 'delete_repo']
const kinds = new Set([...Object.keys(told), ...deletions, ...listings])

// An event arrives a moment after what it tells, and clocks differ.
const slack = 5_000
// Where logs are written with a delay.
const overlap = 2 * aMinute
// 20 entries each. Older ones of a namespace that is busier than that are left to the rounds.
const pagesAtMost = 10

export interface Signs {
  /** Objects whose webhooks did not tell what they should have, or were deleted in Quay. */
  silent: Set<string>
  /** Repositories were created or deleted. */
  isReshaped: boolean
  /** What the log counts now, for the next look. */
  counted: Counted
}

/**
 * Looks in one call at what the usage log of a namespace counts, whatever its number of repositories. Only where it counts more
 * than events came for are the newest pages of the log read. Undefined: Quay does not show the log, or not of this namespace.
 */
export async function findSigns(bot: Bot, { namespace, counted: before }: Pass, own: Webhook[]): Promise<Signs | undefined> {
  try {
    const counted = await countNow(bot, namespace, before)
    const silent = new Set<string>()
    if (!before) return { silent, isReshaped: false, counted }
    const risen = risenKinds(before, counted)
    const isReshaped = listings.some((kind) => risen.has(kind))
    const wanted = await unexplained(bot, risen, before.at, own)
    if (wanted.size === 0) return { silent, isReshaped, counted }
    const { found, isYoung } = await silentSince(bot, namespace, before.at, wanted, own)
    // What happened this moment may still be told: the next look counts it again.
    return { silent: found, isReshaped, counted: isYoung ? before : counted }
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'unavailable') throw error
    bot.log.debug({ namespace, ...logged(error) }, 'the usage log of a namespace cannot be read')
    return undefined
  }
}

async function countNow({ quay, clock }: Bot, namespace: string, before: Counted | null): Promise<Counted> {
  const now = clock()
  const from = dayOf(Math.max(before?.at ?? now, now - aDay))
  const totals = await totalNamespaceLogs(quay, namespace, { from, to: dayOf(now), today: dayOf(now) })
  const shown = totals.filter(({ kind }) => kinds.has(kind))
  return { at: now, counts: Object.fromEntries(shown.map(({ day, kind, count: times }) => [`${day} ${kind}`, times])) }
}

/** How often each kind happened since. */
function risenKinds(before: Counted, now: Counted): Map<string, number> {
  const risen = new Map<string, number>()
  for (const [key, times] of Object.entries(now.counts)) {
    const more = times - (before.counts[key] ?? 0)
    const kind = key.slice(key.indexOf(' ') + 1)
    if (more > 0) risen.set(kind, (risen.get(kind) ?? 0) + more)
  }
  return risen
}

/** The kinds of which more happened than webhooks told. One query. */
async function unexplained({ db }: Bot, risen: Map<string, number>, since: number, own: Webhook[]): Promise<Set<string>> {
  const expected = [...risen].filter(([kind]) => own.some(({ event }) => event === told[kind]))
  const deleted = deletions.filter((kind) => risen.has(kind))
  if (expected.length === 0) return new Set(deleted)
  const heard = await db
    .select({ event: events.kind, times: sum(sql`${events.repeats} + 1`).mapWith(Number) })
    .from(events)
    .where(and(inArray(events.object, namesOf(own)), gt(events.receivedAt, new Date(since)), eq(events.source, 'webhook')))
    .groupBy(events.kind)
  const times = new Map(heard.map((one) => [one.event, one.times]))
  const missing = expected.filter(([kind, more]) => (times.get(told[kind] ?? '') ?? 0) < more)
  return new Set([...deleted, ...missing.map(([kind]) => kind)])
}

const namesOf = (own: Webhook[]) => [...new Set(own.map(({ object }) => object))]

/** Which of our objects the log names with something that was not told. `isYoung`: something is too new to know. */
async function silentSince(bot: Bot, namespace: string, since: number, wanted: Set<string>, own: Webhook[]) {
  const happened = (await entriesSince(bot, namespace, since - overlap)).filter(({ kind }) => wanted.has(kind))
  const heard = await lastHeard(bot, since - overlap, own)
  const found = new Set<string>()
  let isYoung = false
  for (const { kind, repository, at: written } of happened) {
    const object = repository ?? namespace
    const at = Date.parse(written ?? '')
    const event = told[kind]
    const webhooks = own.filter((one) => one.object === object && (event === undefined || one.event === event))
    if (!webhooks.some(({ checkedAt }) => at + slack > checkedAt.getTime())) continue
    if (event === undefined) found.add(object)
    else if (at + slack >= bot.clock()) isYoung = true
    else if ((heard.get(`${object} ${event}`) ?? 0) < at - slack) found.add(object)
  }
  return { found, isYoung }
}

/** The newest entries of the log, as far as the pages reach. */
async function entriesSince({ quay, clock }: Bot, namespace: string, since: number): Promise<LogEntry[]> {
  const window = { from: dayOf(since), to: dayOf(clock()) }
  const all: LogEntry[] = []
  let next: string | undefined
  for (let read = 0; read < pagesAtMost; read += 1) {
    const page = await listNamespaceLogs(quay, namespace, { ...window, next })
    const fresh = page.entries.filter(({ at }) => Date.parse(at ?? '') >= since)
    all.push(...fresh)
    next = page.next
    if (next === undefined || fresh.length < page.entries.length) break
  }
  return all
}

/** When the last event of each object and kind came, since then. */
async function lastHeard({ db }: Bot, since: number, own: Webhook[]): Promise<Map<string, number>> {
  const heard = await db
    .select({ object: events.object, kind: events.kind, at: max(events.receivedAt) })
    .from(events)
    .where(and(inArray(events.object, namesOf(own)), gt(events.receivedAt, new Date(since - slack)), eq(events.source, 'webhook')))
    .groupBy(events.object, events.kind)
  return new Map(heard.map(({ object, kind, at }) => [`${object} ${kind}`, at?.getTime() ?? 0]))
}
