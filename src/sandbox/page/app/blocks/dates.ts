import { createContext, useContext } from 'react'
import { say, spoken } from '../words.ts'

const day = 24 * 3600 * 1000

/** The sandbox's time, which may be days ahead of the browser. */
export const NowContext = createContext(Date.now())

export const useNow = () => useContext(NowContext)

const parts: Record<string, (date: Date, now: number) => string> = {
  date_num: (date) => date.toISOString().slice(0, 10),
  date: (date) => write(date, { dateStyle: 'long' }),
  date_short: (date) => write(date, { dateStyle: 'medium' }),
  date_long: (date) => write(date, { dateStyle: 'full' }),
  date_pretty: (date, now) => pretty(date, now, 'long'),
  date_short_pretty: (date, now) => pretty(date, now, 'medium'),
  date_long_pretty: (date, now) => pretty(date, now, 'full'),
  time: (date) => write(date, { timeStyle: 'short' }),
  time_secs: (date) => write(date, { timeStyle: 'medium' }),
  ago: (date) => write(date, { dateStyle: 'medium', timeStyle: 'short' }),
}

/** Formats a moment by Slack's `<!date^…>`, in the reader's time zone; undefined if it is invalid. */
export function dated(seconds: number, format: string, now: number): string | undefined {
  const date = new Date(seconds * 1000)
  if (Number.isNaN(date.getTime())) return undefined
  return format.replaceAll(/\{(\w+)\}/g, (all, name: string) => parts[name]?.(date, now) ?? all)
}

function pretty(date: Date, now: number, dateStyle: 'medium' | 'long' | 'full') {
  const away = daysAway(date, now)
  if (away === 0) return say('today')
  if (away === -1) return say('yesterday')
  if (away === 1) return say('tomorrow')
  return write(date, { dateStyle })
}

function daysAway(date: Date, now: number) {
  return Math.round((midnight(date) - midnight(new Date(now))) / day)
}

function midnight(date: Date) {
  return new Date(date).setHours(0, 0, 0, 0)
}

/** Times of day from 00:00 to 23:59. */
function write(date: Date, options: Intl.DateTimeFormatOptions) {
  return new Intl.DateTimeFormat(spoken(), { hourCycle: 'h23', ...options }).format(date)
}

/** The day of a message, for the separator between two days. */
export function dayOf(ts: string | undefined, now: number): string {
  const date = new Date(Number(ts ?? 0) * 1000)
  const away = daysAway(date, now)
  if (away === 0) return say('Today')
  return away === -1 ? say('Yesterday') : write(date, { weekday: 'long', day: 'numeric', month: 'long' })
}

/** The time of a message: its timestamp is seconds since 1970 and a counter. */
export function clockOf(ts: string) {
  return write(new Date(Number(ts) * 1000), { hour: '2-digit', minute: '2-digit' })
}
