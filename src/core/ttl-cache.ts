import { LRUCache } from 'lru-cache'

/** Answers that may be a little old. One question asked by many at once is asked once. */
export type Cache = LRUCache<string, Promise<unknown>>

export function openCache(seconds: number, clock: () => number, max = 10_000): Cache {
  return new LRUCache<string, Promise<unknown>>({ max, ttl: seconds * 1000, ttlResolution: 0, perf: { now: clock } })
}

/** The remembered answer, or a new one, which is remembered; `fresh` always asks. What fails is forgotten. */
export function cached<Answer>(memory: Cache, key: string, ask: () => Promise<Answer>, { fresh = false } = {}): Promise<Answer> {
  const remembered = fresh ? undefined : memory.get(key)
  // A key always holds the answer of its own question.
  if (remembered) return remembered as Promise<Answer>
  const asked = ask()
  memory.set(key, asked)
  asked.catch(() => memory.get(key) === asked && memory.delete(key))
  return asked
}
