import { LRUCache } from 'lru-cache'

/** Answers that may be a little old. One question asked by many at once is asked once. */
export type Cache = LRUCache<string, Promise<unknown>>

export function openCache(seconds: number, clock: () => number, max = 10_000): Cache {
  return new LRUCache<string, Promise<unknown>>({ max, ttl: seconds * 1000, ttlResolution: 0, perf: { now: clock } })
}

/** The remembered answer, or a new one, which is remembered; `bypassCache` always asks. What fails is forgotten. */
export function cached<Answer>(cache: Cache, key: string, ask: () => Promise<Answer>, { bypassCache = false } = {}): Promise<Answer> {
  const remembered = bypassCache ? undefined : cache.get(key)
  // A key always holds the answer of its own question.
  if (remembered) return remembered as Promise<Answer>
  const asked = ask()
  cache.set(key, asked)
  asked.catch(() => cache.get(key) === asked && cache.delete(key))
  return asked
}
