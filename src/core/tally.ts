import { AsyncLocalStorage } from 'node:async_hooks'

/** What one request of a person has cost so far. */
export interface Tally {
  /** Calls to Quay that were sent, repetitions included. */
  quayCalls: number
}

const current = new AsyncLocalStorage<Tally>()

/** Runs `work`, whose calls to Quay are counted in `tally`, wherever in the code they are made. */
export function tallied<Result>(tally: Tally, work: () => Promise<Result>): Promise<Result> {
  return current.run(tally, work)
}

/** Counts a call to Quay for the request that it serves, if any. */
export function tallyQuayCall() {
  const tally = current.getStore()
  if (tally) tally.quayCalls += 1
}
