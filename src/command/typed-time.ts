import { aDay, duration } from '../core/durations.ts'
import { narrow } from '../core/typed-characters.ts'
import { localTime, momentOf } from '../core/zoned-time.ts'

/** Whose calendar and clock a typed day is read by. */
export interface Reader {
  /** Milliseconds since 1970. */
  now: number
  timeZone: string | undefined
}

/** Whether a bare weekday or `2w` is meant to lie before or after today. */
export type Direction = 'past' | 'future'

const unitNames: [unit: string, ...names: string[]][] = [
  ['s', 'sec', 'second', '秒'],
  ['m', 'min', 'minute', '分'],
  ['h', 'hr', 'hour', '時間'],
  ['d', 'day', '日', '日間'],
  ['w', 'wk', 'week', '週', '週間'],
  ['month', 'mo', 'か月', 'ヶ月', 'カ月'],
  ['year', 'y', 'yr', '年'],
]
const units = new Map(
  unitNames.flatMap(([unit, ...names]) => [unit, ...names].flatMap((name) => [[name, unit] as const, [`${name}s`, unit] as const])),
)
const longUnits: Record<string, number> = { month: 30, year: 365 }
const habits: Record<string, string> = {
  hourly: '1h',
  daily: '1d',
  nightly: '1d',
  weekly: '1w',
  monthly: '30d',
  毎時: '1h',
  毎日: '1d',
  毎週: '1w',
}
const oneOf = new Set(['a', 'an', 'one', 'the', 'every', 'each'])

function plainly(text: string) {
  return narrow(text).trim().toLowerCase().replaceAll(/\s+/g, ' ')
}

/** `2 weeks`, `an hour`, `in 3 days`, `daily` as `2w`, `1h`, `3d`, `1d`; undefined for what is no duration. */
export function typedDuration(text: string): string | undefined {
  const words = plainly(text.slice(0, 60))
  const habit = Object.hasOwn(habits, words) ? habits[words] : undefined
  if (habit !== undefined || duration.test(words)) return habit ?? words
  const rest = words.replace(/^(?:in|for|after|within|older than|every|last|past|\+) ?/, '').replace(/(?: ago| old|前|後)$/, '')
  const [, digits, article, unit = ''] = /^(?:(\d{1,6}) ?|([a-z]{1,5}) )?([\p{L}]{1,7})$/u.exec(rest) ?? []
  const known = units.get(unit)
  const isOne = article === undefined ? rest !== words : oneOf.has(article)
  const number = digits === undefined ? Number(isOne) : Number(digits)
  if (known === undefined || number === 0) return undefined
  return longUnits[known] ? `${number * longUnits[known]}d` : `${number}${known}`
}

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const japaneseDays = ['日曜', '月曜', '火曜', '水曜', '木曜', '金曜', '土曜']
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const offsets: Record<string, number> = {
  today: 0,
  tonight: 0,
  now: 0,
  今日: 0,
  tomorrow: 1,
  tmrw: 1,
  明日: 1,
  yesterday: -1,
  昨日: -1,
  'next week': 7,
  来週: 7,
  'last week': -7,
  先週: -7,
  'next month': 30,
  'last month': -30,
}

/** `tomorrow`, `friday`, `2w`, `in 3 days`, `24 dec`, `2026/12/24` as `2026-12-24`; undefined for what names no day. */
export function typedDay(text: string, reader: Reader, direction: Direction): string | undefined {
  const words = plainly(text.slice(0, 60)).replace(/^(?:on|until|by|since|from) /, '')
  const { year, month, date } = localTime(reader.now, reader.timeZone)
  const today = Date.UTC(year, month - 1, date)
  const ahead = Object.hasOwn(offsets, words) ? offsets[words] : undefined
  if (ahead !== undefined) return isoDay(today + ahead * aDay)
  return calendarDay(words, today, direction) ?? weekday(words, today, direction) ?? afterDuration(words, today, direction)
}

function isoDay(moment: number) {
  const date = new Date(moment)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().slice(0, 10)
}

function calendarDay(words: string, today: number, direction: Direction) {
  const [, year, month, day] = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(words) ?? []
  if (year) return existing(Number(year), Number(month), Number(day))
  const [, date, monthOf, yearOf] = /^(\d{1,2})(?:st|nd|rd|th)?\.? ([a-z]{3,9})\.?,?(?: (\d{4}))?$/.exec(words) ?? []
  const [, american, dateOf, american4] = /^([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,?(?: (\d{4}))?$/.exec(words) ?? []
  const named = (monthOf ?? american ?? '').slice(0, 3)
  if (!months.includes(named)) return undefined
  const inMonth = [months.indexOf(named) + 1, Number(date ?? dateOf)] as const
  if (yearOf ?? american4) return existing(Number(yearOf ?? american4), ...inMonth)
  const thisYear = new Date(today).getUTCFullYear()
  const candidates = [thisYear - 1, thisYear, thisYear + 1].flatMap((one) => existing(one, ...inMonth) ?? [])
  const now = isoDay(today) ?? ''
  return direction === 'past' ? candidates.findLast((one) => one <= now) : candidates.find((one) => one >= now)
}

/** The day if the calendar has it: no 30th of February. */
function existing(year: number, month: number, day: number) {
  const iso = isoDay(Date.UTC(year, month - 1, day))
  return iso === `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}` ? iso : undefined
}

function weekday(words: string, today: number, direction: Direction) {
  const [, which, name = ''] = /^(next |last |this |past )?(\S{2,12})$/.exec(words) ?? []
  const wanted = japaneseDays.includes(name.replace(/日$/, ''))
    ? japaneseDays.indexOf(name.replace(/日$/, ''))
    : name.length < 3
      ? -1
      : weekdays.findIndex((day) => day.startsWith(name))
  if (wanted < 0) return undefined
  const backwards = which === 'last ' || which === 'past ' || (which === undefined && direction === 'past')
  const distance = (wanted - new Date(today).getUTCDay() + 7) % 7 || 7
  return isoDay(today + (backwards ? distance - (distance === 7 ? 14 : 7) : distance) * aDay)
}

function afterDuration(words: string, today: number, direction: Direction) {
  const [, count = '', unit = ''] = /^(\d+)([dw])$/.exec(typedDuration(words) ?? '') ?? []
  if (!unit) return undefined
  const days = Number(count) * (unit === 'w' ? 7 : 1)
  const isPast = /ago$|前$|^(?:last|past)/.test(words) || (direction === 'past' && !/^(?:in |\+)/.test(words))
  return isoDay(today + (isPast ? -days : days) * aDay)
}

/** `friday 18:00`, `tomorrow`, `in 3 hours` as a moment in UTC, `2026-11-27T17:00:00Z`, read by the reader's clock; undefined for what is none. */
export function typedMoment(text: string, reader: Reader): string | undefined {
  const words = plainly(text.slice(0, 60))
  const [, count = '', unit = ''] = /^(\d+)([smh])$/.exec(typedDuration(words) ?? '') ?? []
  if (unit && !/ago$|前$/.test(words)) return toTheSecond(reader.now + Number(count) * ({ s: 1, m: 60, h: 3600 }[unit] ?? 0) * 1000)
  if (words === 'now' || words === '今') return toTheSecond(reader.now)
  const [, before = '', hours, minutes = '0', half] =
    /^(.{0,40}?)(?:^|[ t,]|at )(\d{1,2})(?::(\d{2}))?(?::\d{2})? ?(am|pm)?$/.exec(words) ?? []
  const hasTime = hours !== undefined && (half !== undefined || /:\d{2}/.test(words))
  const named = (hasTime ? before.replace(/,? at$|,$/, '') : words).trim()
  const day = typedDay(named === '' ? 'today' : named, reader, 'future')
  if (day === undefined) return undefined
  const hour = hasTime ? (Number(hours) % (half ? 12 : 24)) + (half === 'pm' ? 12 : 0) : 0
  if (hour > 23 || Number(minutes) > 59) return undefined
  return toTheSecond(momentOf(Date.parse(`${day}T00:00:00Z`) + (hour * 60 + (hasTime ? Number(minutes) : 0)) * 60_000, reader.timeZone))
}

function toTheSecond(moment: number) {
  const date = new Date(moment)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().replace(/\.\d+Z$/, 'Z')
}

/** Whether the words together say a day, a moment or a duration: `in 3 days`, `friday 18:00`. */
export function isTime(text: string) {
  const reader = { now: 0, timeZone: undefined }
  return typedDuration(text) !== undefined || typedDay(text, reader, 'future') !== undefined || typedMoment(text, reader) !== undefined
}
