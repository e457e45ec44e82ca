import { aDay } from './durations.ts'
import { localTime, momentOf as momentAt } from './zoned-time.ts'

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

/** `friday 18:00`, `tomorrow 9:30`, `18:00`, `2026-12-24`, `2026-12-24 18:00`, and the ISO form that these become. */
export const untilText =
  /^(?:\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z|(?:(?:today|tomorrow|[a-z]{3,9}|\d{4}-\d\d-\d\d)(?: +\d{1,2}:\d\d)?|\d{1,2}:\d\d))$/i

interface Day {
  year: number
  month: number
  day: number
}

/**
 * The moment that is meant, in milliseconds, as somebody in that time zone says it: a weekday is the next one whose time is still to
 * come, a day without a time ends at midnight. Undefined for what names no moment. An hour that daylight saving skips is the one
 * after it; of one that comes twice the first counts.
 */
export function momentOf(text: string, now: number, timeZone = 'UTC'): number | undefined {
  if (/^\d{4}-\d\d-\d\dT/i.test(text)) return known(Date.parse(text))
  const [, name = '', hours, minutes] = /^([a-z]+|\d{4}-\d\d-\d\d)?\s*(?:(\d{1,2}):(\d\d))?$/i.exec(text.trim()) ?? []
  const hour = hours === undefined ? 24 : Number(hours)
  const minute = Number(minutes ?? 0)
  if ((name === '' && hours === undefined) || minute > 59 || hour > 24) return undefined
  const { date, ...local } = localTime(now, timeZone)
  const today = { ...local, day: date }
  const at = (days: number) => instantOf(later(today, days), hour, minute, timeZone)
  const word = name.toLowerCase()
  if (word === 'today') return at(0)
  if (word === 'tomorrow') return at(1)
  if (word === '') return at(0) > now ? at(0) : at(1)
  if (/^\d/.test(word)) return dayOf(word, (day) => instantOf(day, hour, minute, timeZone))
  const wanted = weekdays.findIndex((one) => one === word || (word.length === 3 && one.startsWith(word)))
  if (wanted < 0) return undefined
  const ahead = (wanted - weekdayOf(today) + 7) % 7
  return at(ahead) > now ? at(ahead) : at(ahead + 7)
}

function known(time: number) {
  return Number.isNaN(time) ? undefined : time
}

function dayOf(iso: string, instant: (day: Day) => number) {
  const [year = 0, month = 0, day = 0] = iso.split('-').map(Number)
  const isThere = new Date(Date.UTC(year, month - 1, day)).toISOString().startsWith(iso)
  return isThere ? instant({ year, month, day }) : undefined
}

function later({ year, month, day }: Day, days: number): Day {
  const date = new Date(Date.UTC(year, month - 1, day) + days * aDay)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

function weekdayOf({ year, month, day }: Day) {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay()
}

function instantOf({ year, month, day }: Day, hour: number, minute: number, timeZone: string) {
  return momentAt(Date.UTC(year, month - 1, day, hour, minute), timeZone)
}
