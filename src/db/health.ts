import { setTimeout as sleep } from 'node:timers/promises'
import { databaseError, type Trouble, troubleOf } from './errors.ts'
import type { Pulse } from './guard.ts'

// Readiness is answered within a second.
const limit = 800
const aMoment = 1_000

/**
 * The probe writes, because a full or read-only disk can still be read. It writes the row that every change begins with
 * (command/idempotency.ts), so that it shows whether a change could run. Retention deletes it like any other.
 */
export const probe = `insert into entries (key, team, person, operation, reference, state, created_at)
  values ('health', '', '', 'health', '', 'done', now()) on conflict (key) do update set created_at = now()`

interface Asked {
  /** Runs `probe` on a reserved connection, if there is one. */
  write(): Promise<unknown>
  /** Runs any statement on the path that all statements take. */
  read(): Promise<unknown>
  pulse: Pulse
}

/**
 * Checks at most once a second whether the database can write; undefined means yes. If real statements have failed since the last
 * success, one of them is tried too.
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
  // A long transaction may occupy the only connection of an embedded database.
  if (answer === 'late') return pulse.doneAt > began ? undefined : 'slow'
  return answer
}
