import { aDay, aMinute } from '../core/durations.ts'

/** When the next digest is due: nine in the morning where the subscriber lives; the weekly one on Mondays. */
export function nextDigest(now: number, every: 'daily' | 'weekly', timeZone: string | undefined | null): number {
  // The days around it are tried one by one: an offset can change over night.
  for (let after = 0; after <= 8; after += 1) {
    const noon = now + after * aDay
    const { year, month, date, weekday } = localDay(noon, timeZone)
    const at = nineOn(Date.UTC(year, month - 1, date, 9), timeZone)
    if (at > now && (every === 'daily' || weekday === 'Mon')) return at
  }
  return now + aDay
}

/** The moment that a clock in that zone shows what `wanted` shows in UTC. */
function nineOn(wanted: number, timeZone: string | undefined | null) {
  const first = wanted - offsetAt(wanted, timeZone)
  return wanted - offsetAt(first, timeZone)
}

function offsetAt(moment: number, timeZone: string | undefined | null) {
  const { year, month, date, hours, minutes } = localDay(moment, timeZone)
  return Date.UTC(year, month - 1, date, hours, minutes) - Math.floor(moment / aMinute) * aMinute
}

function localDay(moment: number, timeZone: string | undefined | null) {
  const options = {
    weekday: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  } as const
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en-US', { ...options, timeZone: timeZone ?? 'UTC' })
      .formatToParts(moment)
      .map(({ type, value }) => [type, value]),
  )
  const number = (name: string) => Number(parts[name])
  return {
    year: number('year'),
    month: number('month'),
    date: number('day'),
    hours: number('hour'),
    minutes: number('minute'),
    weekday: parts.weekday,
  }
}
