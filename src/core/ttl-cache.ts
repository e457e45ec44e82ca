import { LRUCache } from 'lru-cache'

/** A cache of answers that may be slightly old. Concurrent requests for one key share a call. */
export type Cache = LRUCache<string, Promise<unknown>>

/** Forgets an entry after `seconds` by the clock (milliseconds), and the least used beyond `max`. */
export function openCache(seconds: number, clock: () => number, max = 10_000): Cache {
  return new LRUCache<string, Promise<unknown>>({ max, ttl: seconds * 1000, ttlResolution: 0, perf: { now: clock } })
}

interface Asking {
  bypassCache?: boolean
  /** Milliseconds; as long as the cache keeps everything, unless said. */
  lasts?: number
}

/** The cached answer, or a new one, which is cached; `bypassCache` always asks. A rejected answer is not kept. */
export function cached<Answer>(
  cache: Cache,
  key: string,
  ask: () => Promise<Answer>,
  { bypassCache = false, lasts }: Asking = {},
): Promise<Answer> {
  const remembered = bypassCache ? undefined : cache.get(key)
  // a key always holds the type of its own question
  if (remembered) return remembered as Promise<Answer>
  const asked = ask()
  cache.set(key, asked, lasts === undefined ? {} : { ttl: lasts })
  asked.catch(() => cache.get(key) === asked && cache.delete(key))
  return asked
}
