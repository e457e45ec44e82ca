import { setTimeout as sleep } from 'node:timers/promises'

/** The work in flight of a process, which a graceful stop waits for. All copies of a context share one. */
export type InFlight = Set<Promise<unknown>>

/** Tracks work until it ends. Its errors are left to the caller. */
export function track<Done>({ runtime }: { runtime: { inFlight: InFlight } }, work: Promise<Done>): Promise<Done> {
  runtime.inFlight.add(work)
  const forget = () => runtime.inFlight.delete(work)
  work.then(forget, forget)
  return work
}

/** Waits up to `limitMs` for all work in flight, including work that it starts. Returns the number of pieces left. */
export async function drain(inFlight: InFlight, limitMs: number): Promise<number> {
  const late = sleep(limitMs, undefined, { ref: false })
  const finished = async () => {
    while (inFlight.size > 0) await Promise.allSettled(inFlight)
  }
  await Promise.race([finished(), late])
  return inFlight.size
}
