import { type CallClass, callClasses } from './shares.ts'

type Counts = Record<CallClass, number>

const minute = 60_000
const minutes = 60

/** Counts the calls of the last hour by class, to the minute. `now`: milliseconds of a clock that does not go back. */
export function openSpending(now: () => number) {
  const byMinute = new Map<number, Counts>()

  function count(name: CallClass) {
    const at = Math.floor(now() / minute)
    const counts = byMinute.get(at) ?? none()
    counts[name] += 1
    byMinute.set(at, counts)
    for (const old of byMinute.keys()) if (old <= at - minutes) byMinute.delete(old)
  }

  function lastHour(): Counts {
    const since = Math.floor(now() / minute) - minutes
    const sum = none()
    for (const [at, counts] of byMinute) if (at > since) for (const name of callClasses) sum[name] += counts[name]
    return sum
  }

  return { count, lastHour }
}

function none(): Counts {
  return { interactive: 0, job: 0, follow: 0, background: 0 }
}
