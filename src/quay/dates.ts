/** Quay's dates are RFC 2822 with `-0000`, ISO with microseconds, or `GMT`: all of them as ISO, or undefined for none. */
export function isoOf(date: string | null | undefined) {
  const time = date ? Date.parse(date) : Number.NaN
  return Number.isNaN(time) ? undefined : new Date(time).toISOString()
}

/** Seconds since 1970 as ISO. */
export function isoOfSeconds(seconds: number | null | undefined) {
  return seconds ? new Date(seconds * 1000).toISOString() : undefined
}
