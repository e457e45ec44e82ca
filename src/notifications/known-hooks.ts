import { setTimeout as wait } from 'node:timers/promises'
import { inArray } from 'drizzle-orm'
import { LRUCache } from 'lru-cache'
import type { Bot } from '../context.ts'
import { aMinute } from '../core/durations.ts'
import { keeps } from '../core/kept.ts'
import { hooks } from '../db/schema.ts'

interface Lookup {
  known: LRUCache<string, true>
  unknown: LRUCache<string, true>
  waiting: Map<string, PromiseWithResolvers<boolean>>
  isAsking: boolean
}

const remembered = 20_000
const atOnce = 2_000
const pause = 100

/**
 * Whether the hash of a token is known. Unknown hashes are looked up together, at most ten times a second, however many requests
 * there are, so that they cannot overload the database while valid ones are never refused (docs/SECURITY.md rule 18). Rejects with the error of the database.
 */
export async function isKnownHook(bot: Pick<Bot, 'db' | 'clock' | 'runtime'>, hash: string): Promise<boolean> {
  const lookup = lookupOf(bot)
  if (lookup.known.has(hash)) return true
  // A token is random and stored before Quay gets it, so an unknown one does not become known later.
  if (lookup.unknown.has(hash)) return false
  const asked = lookup.waiting.get(hash) ?? Promise.withResolvers<boolean>()
  lookup.waiting.set(hash, asked)
  if (!lookup.isAsking) void askTogether(bot, lookup)
  return asked.promise
}

/** Forgets a token whose row was deleted. */
export function forgetHook(bot: Pick<Bot, 'db' | 'clock' | 'runtime'>, hash: string) {
  lookupOf(bot).known.delete(hash)
}

const lookupOf = keeps(
  ({ clock }: Pick<Bot, 'clock'>): Lookup => ({
    known: new LRUCache<string, true>({ max: remembered }),
    unknown: new LRUCache<string, true>({ max: remembered, ttl: aMinute, perf: { now: clock } }),
    waiting: new Map(),
    isAsking: false,
  }),
)

async function askTogether({ db }: Pick<Bot, 'db'>, lookup: Lookup) {
  lookup.isAsking = true
  while (lookup.waiting.size > 0) {
    const batch = [...lookup.waiting].slice(0, atOnce)
    for (const [hash] of batch) lookup.waiting.delete(hash)
    try {
      const hashes = batch.map(([hash]) => hash)
      const rows = await db.select({ hash: hooks.tokenHash }).from(hooks).where(inArray(hooks.tokenHash, hashes))
      const found = new Set(rows.map(({ hash }) => hash))
      for (const [hash, { resolve }] of batch) {
        const cache = found.has(hash) ? lookup.known : lookup.unknown
        cache.set(hash, true)
        resolve(found.has(hash))
      }
    } catch (error) {
      for (const [, { reject }] of batch) reject(error)
    }
    // A single request has not waited for this.
    await wait(pause)
  }
  lookup.isAsking = false
}
