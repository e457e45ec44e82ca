import type { ChartBlock, Point } from './message-blocks.ts'

const labelAtMost = 20
const titleAtMost = 50
// The text of before had six series and segments, today's has twelve.
const partsAtMost = 6
const pointsAtMost = 20

/** A part of a whole each, largest first; the smallest together are `rest`. Undefined: fewer than two that are more than 0. */
export function pieChart(title: string, parts: Point[], rest: string): ChartBlock | undefined {
  const some = parts.filter(({ value }) => value > 0)
  if (some.length < 2) return undefined
  return { type: 'data_visualization', title: cut(title, titleAtMost), chart: { type: 'pie', segments: unique(folded(some, rest)) } }
}

interface Bars {
  title: string
  /** What is measured, and in what. */
  name: string
  unit: string
  points: Point[]
}

/** One bar each, at most twenty. Undefined: fewer than two. */
export function barChart({ title, name, unit, points }: Bars): ChartBlock | undefined {
  if (points.length < 2) return undefined
  const data = unique(points.slice(0, pointsAtMost))
  const categories = data.map(({ label }) => label)
  return {
    type: 'data_visualization',
    title: cut(title, titleAtMost),
    chart: { type: 'bar', axis_config: { categories, y_label: unit }, series: [{ name: cut(name, labelAtMost), data }] },
  }
}

interface Over {
  title: string
  /** What is counted, and its number in each category; all as many as there are categories. */
  series: { name: string; values: number[] }[]
  categories: string[]
  /** The name of the series that all the smaller ones are added up in. */
  rest: string
}

/** Several counts over time. Undefined: less than two categories, or more than fit. */
export function lineChart({ title, series, categories, rest }: Over): ChartBlock | undefined {
  if (categories.length < 2 || categories.length > pointsAtMost || series.length === 0) return undefined
  const sorted = series.toSorted((one, other) => sumOf(other.values) - sumOf(one.values))
  const large = sorted.length > partsAtMost ? sorted.slice(0, partsAtMost - 1) : sorted
  const small = sorted.slice(large.length)
  const all =
    small.length > 0
      ? [...large, { name: rest, values: categories.map((_, at) => sumOf(small.map(({ values }) => values[at] ?? 0))) }]
      : large
  const labels = unique(categories.map((label) => ({ label }))).map(({ label }) => label)
  const names = unique(all.map(({ name }) => ({ label: name })))
  return {
    type: 'data_visualization',
    title: cut(title, titleAtMost),
    chart: {
      type: 'line',
      axis_config: { categories: labels },
      series: all.map(({ values }, index) => ({
        name: names[index]?.label ?? '',
        data: labels.map((label, at) => ({ label, value: values[at] ?? 0 })),
      })),
    },
  }
}

function folded(parts: Point[], rest: string): Point[] {
  const sorted = parts.toSorted((one, other) => other.value - one.value)
  if (sorted.length <= partsAtMost) return sorted
  const small = sorted.slice(partsAtMost - 1)
  return [...sorted.slice(0, partsAtMost - 1), { label: rest, value: sumOf(small.map(({ value }) => value)) }]
}

function sumOf(values: number[]) {
  return values.reduce((sum, one) => sum + one, 0)
}

/** Labels of at most twenty characters, which stay different from each other. */
function unique<Labelled extends { label: string }>(all: Labelled[]): Labelled[] {
  const taken = new Set<string>()
  return all.map((one) => {
    let label = cut(one.label, labelAtMost)
    for (let number = 2; taken.has(label); number += 1) label = `${cut(one.label, labelAtMost - 1 - String(number).length)} ${number}`
    taken.add(label)
    return { ...one, label }
  })
}

function cut(text: string, length: number) {
  const characters = [...text.replaceAll(/\s+/g, ' ').trim()]
  if (characters.length <= length) return characters.join('') || '–'
  const half = Math.floor((length - 1) / 2)
  return `${characters.slice(0, length - 1 - half).join('')}…${characters.slice(-half).join('')}`
}
