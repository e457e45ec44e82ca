import { setTimeout as sleep } from 'node:timers/promises'

/** What a process is doing right now, so that a graceful stop can wait for it. One for all copies of a context. */
export type InFlight = Set<Promise<unknown>>

/** Counts work as in flight until it ends, however it ends. Its failures are its own business. */
export function track<Done>({ runtime }: { runtime: { inFlight: InFlight } }, work: Promise<Done>): Promise<Done> {
  runtime.inFlight.add(work)
  const forget = () => runtime.inFlight.delete(work)
  work.then(forget, forget)
  return work
}

/** Waits up to `limitMs` for everything that is in flight, and for what follows from it. Returns how much it did not wait for. */
export async function drain(inFlight: InFlight, limitMs: number): Promise<number> {
  const late = sleep(limitMs, undefined, { ref: false })
  const finished = async () => {
    while (inFlight.size > 0) await Promise.allSettled(inFlight)
  }
  await Promise.race([finished(), late])
  return inFlight.size
}
