import type { Translate } from '../../core/i18n.ts'

const units = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const
const names = [
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const

/** A number of seconds, or of what the letter behind it says: `10m`. */
export const duration = /^[1-9]\d{0,8}[smhdw]?$/

/** `10m` as 600. */
export function secondsOf(text: string) {
  const unit = units[text.at(-1) as keyof typeof units] ?? 1 // the schema has taken it: a digit or one of the letters
  return Number.parseInt(text, 10) * unit
}

/** 600 as `10m`. */
export function shortDuration(seconds: number) {
  const [unit, size] = Object.entries(units).findLast(([, size]) => seconds % size === 0) ?? ['s', 1]
  return `${seconds / size}${unit}`
}

/** 600 as “10 minutes”. */
export function durationText(seconds: number, t: Translate) {
  const [unit, size] = names.find(([, size]) => seconds % size === 0) ?? names[4]
  return new Intl.NumberFormat(t.language, { style: 'unit', unit, unitDisplay: 'long' }).format(seconds / size)
}
