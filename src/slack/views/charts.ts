import { entryOf } from '../../core/foreign-text.ts'
import type { Translate } from '../../core/i18n.ts'
import { dayOf } from '../../quay/dates.ts'
import { barChart, lineChart, pieChart } from '../charts.ts'
import type { ChartBlock } from '../message-blocks.ts'
import { logKinds } from './log-kinds.ts'
import { type Counts, severityWords } from './scan.ts'

/** How often each kind of thing was done, by day; by week or month where there are more days than a chart has points. */
export function usageChart(days: [day: string, kind: string, count: number][], t: Translate): ChartBlock[] {
  const all = days.map(([day]) => day).toSorted()
  const [first, last] = [all[0], all.at(-1)]
  if (first === undefined || last === undefined) return []
  const fit = periods.find(({ of }) => distinct(between(first, last).map(of)).length <= pointsAtMost)
  if (!fit) return []
  const categories = distinct(between(first, last).map(fit.of))
  const kinds = distinct(days.map(([, kind]) => kind))
  const series = kinds.map((kind) => ({
    name: t.plain(entryOf(logKinds, kind) ?? kind),
    values: categories.map((category) =>
      days.reduce((sum, [day, one, count]) => sum + (one === kind && fit.of(day) === category ? count : 0), 0),
    ),
  }))
  const title = t.plain('{by, select, day {Usage per day} week {Usage per week} other {Usage per month}}', { by: fit.by })
  return some(lineChart({ title, series, categories, rest: t.plain('Other') }))
}

const pointsAtMost = 20
const aDay = 86_400_000
const periods = [
  { by: 'day', of: (day: string) => day.slice(5) },
  // The Monday that a week begins with.
  { by: 'week', of: (day: string) => dayOf(Date.parse(day) - ((new Date(day).getUTCDay() + 6) % 7) * aDay) },
  { by: 'month', of: (day: string) => day.slice(0, 7) },
]

function between(first: string, last: string): string[] {
  const days = Math.min(400, Math.round((Date.parse(last) - Date.parse(first)) / aDay))
  return Array.from({ length: days + 1 }, (_, index) => dayOf(Date.parse(first) + index * aDay))
}

function distinct(all: string[]) {
  return [...new Set(all)]
}

/** Vulnerabilities by severity; the unknown ones too. */
export function severityChart(counts: Counts, t: Translate): ChartBlock[] {
  const parts = Object.entries(counts).map(([severity, value]) => ({ label: t.plain(entryOf(severityWords, severity) ?? severity), value }))
  return some(pieChart(t.plain('Vulnerabilities by severity'), parts, t.plain('Other')))
}

const shownAtMost = 10
const units = [
  { unit: 'TB', bytes: 1e12 },
  { unit: 'GB', bytes: 1e9 },
  { unit: 'MB', bytes: 1e6 },
]

/** The largest repositories of a namespace, where Quay counts their sizes. */
export function storageChart(repositories: { name: string; size?: number | undefined }[], t: Translate): ChartBlock[] {
  const largest = repositories
    .flatMap(({ name, size = 0 }) => (size > 0 ? [{ name, size }] : []))
    .toSorted((one, other) => other.size - one.size)
    .slice(0, shownAtMost)
  const { unit, bytes } = units.find((one) => (largest[0]?.size ?? 0) >= one.bytes) ?? { unit: 'MB', bytes: 1e6 }
  const points = largest.map(({ name, size }) => ({ label: name.slice(name.indexOf('/') + 1), value: Number((size / bytes).toFixed(2)) }))
  return some(barChart({ title: t.plain('Largest repositories'), name: t.plain('Size'), unit, points }))
}

function some(chart: ChartBlock | undefined) {
  return chart ? [chart] : []
}
