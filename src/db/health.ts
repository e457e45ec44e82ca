import { setTimeout as sleep } from 'node:timers/promises'
import { databaseError, type Trouble, troubleOf } from './errors.ts'
import type { Pulse } from './guard.ts'

// Readiness is answered within a second.
const limit = 800
const aMoment = 1_000

/**
 * What a probe writes: a full or read-only disk still reads. It is the row without which no change begins (idempotency.ts),
 * so that who asks hears whether a change could. Retention takes it away like every other.
 */
export const probe = `insert into entries (key, team, person, operation, reference, state, created_at)
  values ('health', '', '', 'health', '', 'done', now()) on conflict (key) do update set created_at = now()`

interface Asked {
  /** Runs `probe` on a connection that nobody else waits for, where there is one. */
  write(): Promise<unknown>
  /** Any statement, the way that all of them go. */
  read(): Promise<unknown>
  pulse: Pulse
}

/**
 * Asks whether the database can write, at most once a second; undefined means yes. Where real statements met trouble since they
 * last went well, one of them is tried too.
 */
export function troubleWith(asked: Asked): () => Promise<Trouble | undefined> {
  let last: { at: number; answer: Promise<Trouble | undefined> } | undefined
  return () => {
    const now = performance.now()
    if (!last || now - last.at > aMoment) last = { at: now, answer: ask(asked, now) }
    return last.answer
  }
}

async function ask({ write, read, pulse }: Asked, began: number): Promise<Trouble | undefined> {
  const late = new AbortController()
  const isTroubled = pulse.troubledAt > pulse.doneAt
  const answer = await Promise.race([
    Promise.all([write(), isTroubled ? read() : undefined]).then(
      () => undefined,
      (error: unknown) => troubleOf(databaseError(error)) ?? ('away' as const),
    ),
    sleep(limit, 'late' as const, { signal: late.signal, ref: false }),
  ])
  late.abort()
  // Somebody else's long transaction may hold an embedded database, whose only connection it is.
  if (answer === 'late') return pulse.doneAt > began ? undefined : 'slow'
  return answer
}
