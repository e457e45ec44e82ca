import { aMinute } from '../core/durations.ts'

/**
 * The time of the next digest in milliseconds: nine in the morning in the subscriber's time zone, and on Mondays if weekly. It
 * counts calendar days, which last 23 to 25 hours.
 */
export function nextDigest(now: number, every: 'daily' | 'weekly', timeZone: string | undefined | null): number {
  const { year, month, date } = localTime(now, timeZone)
  for (let after = 0; ; after += 1) {
    const wanted = Date.UTC(year, month - 1, date + after, 9)
    const at = momentOf(wanted, timeZone)
    if (at > now && (every === 'daily' || new Date(wanted).getUTCDay() === monday)) return at
  }
}

const monday = 1

/** The moment at which a clock in that zone shows what `wanted` shows in UTC. */
function momentOf(wanted: number, timeZone: string | undefined | null) {
  const first = wanted - offsetAt(wanted, timeZone)
  return wanted - offsetAt(first, timeZone)
}

function offsetAt(moment: number, timeZone: string | undefined | null) {
  const { year, month, date, hours, minutes } = localTime(moment, timeZone)
  return Date.UTC(year, month - 1, date, hours, minutes) - Math.floor(moment / aMinute) * aMinute
}

const parts = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', hourCycle: 'h23' } as const

function localTime(moment: number, timeZone: string | undefined | null) {
  const shown = Object.fromEntries(
    formatFor(timeZone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, Number(value)]),
  )
  return { year: shown.year ?? 0, month: shown.month ?? 0, date: shown.day ?? 0, hours: shown.hour ?? 0, minutes: shown.minute ?? 0 }
}

/** A zone that this machine does not know, because it is newer, counts as UTC. */
function formatFor(timeZone: string | undefined | null) {
  try {
    return new Intl.DateTimeFormat('en-US', { ...parts, timeZone: timeZone ?? 'UTC' })
  } catch {
    return new Intl.DateTimeFormat('en-US', { ...parts, timeZone: 'UTC' })
  }
}
