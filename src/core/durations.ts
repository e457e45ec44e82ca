// In milliseconds, as for clocks and timers.
export const aMinute = 60_000
export const anHour = 60 * aMinute
export const aDay = 24 * anHour

const units = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const

/** A number of seconds, or with a unit: `10m`. */
export const duration = /^[1-9]\d{0,8}[smhdw]?$/

/** `10m` as 600 seconds. The text must match `duration`. */
export function secondsOf(text: string): number {
  const unit = units[text.at(-1) as keyof typeof units] ?? 1 // the text ends with a digit or one of the letters
  return Number.parseInt(text, 10) * unit
}

/** 600 seconds as `10m`. */
export function shortDuration(seconds: number): string {
  const [unit, size] = Object.entries(units).findLast(([, size]) => seconds % size === 0) ?? ['s', 1]
  return `${seconds / size}${unit}`
}
