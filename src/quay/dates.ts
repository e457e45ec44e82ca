import { Failure } from '../core/failure.ts'

/** Quay's dates as ISO: RFC 2822 with `-0000`, `GMT`, ISO with microseconds, or `2026-11-23 07:30:00.000000` in UTC. */
export function isoOf(date: string | null | undefined) {
  const bare = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)/.exec(date ?? '')
  const time = Date.parse(bare ? `${bare[1]}T${bare[2]}Z` : (date ?? ''))
  return Number.isNaN(time) ? undefined : new Date(time).toISOString()
}

/** Seconds since 1970 as ISO. */
export function isoOfSeconds(seconds: number | null | undefined) {
  return seconds ? new Date(seconds * 1000).toISOString() : undefined
}

/** The day of a moment in milliseconds, in UTC as Quay counts days: `2026-11-23`. */
export function dayOf(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10)
}

/** Days as ISO (`2026-11-20`), both included, in UTC. Without them Quay takes yesterday and today. */
export interface Window {
  from?: string | undefined
  to?: string | undefined
}

/**
 * As Quay's log calls take it. Whatever is not MM/DD/YYYY they silently ignore (recorded: su-logs-isodates), and of reversed
 * dates one of them says nothing, so both are refused here.
 */
export function windowQuery({ from, to }: Window) {
  if (from !== undefined && to !== undefined && from > to) throw new Failure('invalid', 'The first day must not be after the last day.')
  return { starttime: from && american(from), endtime: to && american(to) }
}

function american(day: string) {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? []
  if (Number.isNaN(Date.parse(day)) || date === undefined) throw new Failure('invalid', '“{day}” is not a day like 2026-11-23.', { day })
  return `${month}/${date}/${year}`
}

/** An ISO date as Quay takes it for mirrors: to the second and with Z, nothing else (recorded: mirror-create-date-millis). */
export function toTheSecond(iso: string) {
  const time = Date.parse(iso)
  if (Number.isNaN(time)) throw new Failure('invalid', '“{date}” is not a date like 2026-11-23T07:00:00Z.', { date: iso })
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')
}
