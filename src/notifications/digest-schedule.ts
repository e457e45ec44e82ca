import { localTime, momentOf } from '../core/zoned-time.ts'

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
