import { setTimeout as sleep } from 'node:timers/promises'
import { gt, sql, sum } from 'drizzle-orm'
import { aMinute, anHour } from '../core/durations.ts'
import type { Db } from './database.ts'
import { backgroundCalls } from './pass-tables.ts'

// The part of QUAY_RATE for background work, all replicas together, and how much of it is saved up while there is little to do.
// Both together are a quarter of an hour's calls: no hour has more, not even after a quiet one.
const share = 0.24
const savedSeconds = 36
// Calls are taken from the database several at once, so that it is not asked before each of them.
const chunkSeconds = 5
const chunkAtMost = 10

/** Whole calls per hour that background work may make. */
export const backgroundLimit = (rate: number) => Math.floor((rate * share + (rate * savedSeconds) / 3_600) * 3_600)

interface Setting {
  db: Db
  clock: () => number
  /** Calls per second of the whole registry (QUAY_RATE). */
  rate: number
  isStopped: () => boolean
}

/**
 * Returns a function that resolves when background work may make its next call. Replicas take their calls from one row, and a
 * process that is stopping waits no longer.
 */
export function openBackgroundShare({ db, clock, rate, isStopped }: Setting): () => Promise<void> {
  const perSecond = rate * share
  const chunk = Math.max(1, Math.min(Math.floor(perSecond * chunkSeconds), chunkAtMost))
  const most = Math.max(chunk, rate * savedSeconds)
  let left = 0
  let last: Promise<void> = Promise.resolve()

  async function take() {
    while (left < 1 && !isStopped()) {
      if (await draw(db, clock(), { perSecond, chunk, most })) left += chunk
      else await sleep((chunk / perSecond) * 1_000, undefined, { ref: false })
    }
    left -= 1
  }

  return () => {
    // In the order of their asking, so that no work starves another.
    last = last.then(take, take)
    return last
  }
}

/** Takes calls from the row that all replicas share, and counts them. Returns false if there are not enough yet. */
async function draw(db: Db, now: number, { perSecond, chunk, most }: { perSecond: number; chunk: number; most: number }) {
  const at = new Date(now).toISOString()
  const since = new Date(Math.floor(now / tenMinutes) * tenMinutes).toISOString()
  const refilled = sql`least(${most}, background_share.calls + greatest(0, extract(epoch from ${at}::timestamptz - background_share.at)) * ${perSecond})`
  const drawn = await db.execute(sql`
    with drawn as (
      insert into background_share (name, calls, at) values ('calls', 0, ${at}::timestamptz)
      on conflict (name) do update set calls = ${refilled} - ${chunk}, at = greatest(background_share.at, ${at}::timestamptz)
      where ${refilled} >= ${chunk}
      returning name
    )
    insert into background_calls (since, calls) select ${since}::timestamptz, ${chunk}::integer from drawn
    on conflict (since) do update set calls = background_calls.calls + excluded.calls
    returning calls`)
  return drawn.rows.length > 0
}

const tenMinutes = 10 * aMinute

/** The calls of background work in the last hour, all replicas together. */
export async function countBackgroundCalls(db: Db, now: number): Promise<number> {
  const [row] = await db
    .select({ calls: sum(backgroundCalls.calls).mapWith(Number) })
    .from(backgroundCalls)
    .where(gt(backgroundCalls.since, new Date(now - anHour)))
  return row?.calls ?? 0
}
