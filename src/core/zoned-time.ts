import { aDay, aMinute } from './durations.ts'

type Zone = string | undefined | null

/**
 * The moment at which a clock in that zone shows what `wall` shows in UTC. An hour that daylight saving skips is the one after it; of
 * one that comes twice the first counts.
 */
export function momentOf(wall: number, timeZone: Zone): number {
  // The offset of a zone changes at most once in two days.
  const before = offsetAt(wall - aDay, timeZone)
  const possible = [before, offsetAt(wall + aDay, timeZone)].map((offset) => wall - offset)
  const real = possible.filter((moment) => moment + offsetAt(moment, timeZone) === wall)
  return real.length > 0 ? Math.min(...real) : wall - before
}

function offsetAt(moment: number, timeZone: Zone) {
  const { year, month, date, hours, minutes } = localTime(moment, timeZone)
  return Date.UTC(year, month - 1, date, hours, minutes) - Math.floor(moment / aMinute) * aMinute
}

const parts = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', hourCycle: 'h23' } as const

/** What a clock and a calendar in that zone show. */
export function localTime(moment: number, timeZone: Zone) {
  const shown = Object.fromEntries(
    formatFor(timeZone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, Number(value)]),
  )
  return { year: shown.year ?? 0, month: shown.month ?? 0, date: shown.day ?? 0, hours: shown.hour ?? 0, minutes: shown.minute ?? 0 }
}

// Making one takes a hundred times as long as using it. There are some 600 zones.
const formats = new Map<string, Intl.DateTimeFormat>()

/** A zone that this machine does not know, because it is newer, counts as UTC. */
function formatFor(timeZone: Zone): Intl.DateTimeFormat {
  const zone = timeZone ?? 'UTC'
  const made = formats.get(zone) ?? newFormat(zone)
  if (made) formats.set(zone, made)
  return made ?? formatFor('UTC')
}

function newFormat(timeZone: string) {
  try {
    return new Intl.DateTimeFormat('en-US', { ...parts, timeZone })
  } catch {
    return
  }
}
