import { z } from 'zod'
import { aDay } from '../core/durations.ts'
import { Failure } from '../core/failure.ts'
import { isoOf, type Window, windowQuery } from './dates.ts'
import { call } from './http.ts'
import { readable, unreadable } from './log-store.ts'
import type { Quay } from './registry.ts'

/** How often something was done on a day (`2026-11-23`). */
export interface LogTotal {
  kind: string
  day: string
  count: number
}

/** Days as ISO, and today's by whoever asks: `from` alone counts up to it. */
export interface CountedWindow extends Window {
  today: string
}

const totals = z.object({
  aggregated: z.array(z.object({ kind: z.string(), count: z.number(), datetime: z.string() })),
  ...unreadable,
})

// Quay takes 31 days at most (recorded: seen on a running Quay), and counts both ends: one less is always allowed.
const daysAtOnce = 30
const daysAtMost = 366

/** The whole registry's. Invalid: too many days. Conflict: Quay cannot read its logs. */
export function totalRegistryLogs(quay: Quay, window: CountedWindow): Promise<LogTotal[]> {
  return summed(window, (part) =>
    call(quay, { method: 'GET', path: '/superuser/aggregatelogs', query: windowQuery(part), response: totals }),
  )
}

/** An organization's. Failures as above; not found: no such organization. */
export function totalNamespaceLogs(quay: Quay, namespace: string, window: CountedWindow): Promise<LogTotal[]> {
  const path = '/organization/{orgname}/aggregatelogs'
  const params = { orgname: namespace }
  return summed(window, (part) => call(quay, { method: 'GET', path, params, query: windowQuery(part), response: totals }))
}

/** A repository's. Failures as above; not found: no such repository. */
export function totalRepositoryLogs(quay: Quay, repository: string, window: CountedWindow): Promise<LogTotal[]> {
  const path = '/repository/{repository}/aggregatelogs'
  return summed(window, (part) => call(quay, { method: 'GET', path, params: { repository }, query: windowQuery(part), response: totals }))
}

async function summed(window: CountedWindow, ask: (part: Window) => Promise<z.output<typeof totals>>): Promise<LogTotal[]> {
  const all: LogTotal[] = []
  for (const part of partsOf(window)) {
    const { aggregated } = await readable(() => ask(part))
    all.push(...aggregated.map(({ kind, count, datetime }) => ({ kind, day: isoOf(datetime)?.slice(0, 10) ?? datetime, count })))
  }
  return all
}

/** The window in spans that Quay takes, one after the other and without a day in two of them. */
function partsOf({ from, to, today }: CountedWindow): Window[] {
  if (from === undefined && to === undefined) return [{}]
  const last = to ?? today
  const first = from ?? dayAfter(today, -1)
  windowQuery({ from: first, to: last })
  const parts: Window[] = []
  for (let start = first; start <= last; start = dayAfter(start, daysAtOnce)) {
    const end = dayAfter(start, daysAtOnce - 1)
    parts.push({ from: start, to: end < last ? end : last })
  }
  if (parts.length * daysAtOnce > daysAtMost + daysAtOnce)
    throw new Failure('invalid', 'The period is too long: {days, number} days at most.', { days: daysAtMost })
  return parts
}

function dayAfter(day: string, days: number) {
  return new Date(Date.parse(day) + days * aDay).toISOString().slice(0, 10)
}
