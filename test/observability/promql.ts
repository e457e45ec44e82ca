import type { SyntaxNode } from '@lezer/common'
import type { Series } from './exposition.ts'
import { childrenOf, descendants, nameIn, only, parsed, secondsOf, wordsOf } from './promql-tree.ts'

// A small part of PromQL: what docs/alerts.yaml and docs/dashboard.json use. The grammar is Prometheus's own; what is not
// known here throws.

/** What Prometheus has scraped: all series at a time, in seconds. */
export interface Scrape {
  at: number
  series: Series[]
}

type Labels = Record<string, string>
export interface Sample {
  labels: Labels
  value: number
}

interface At {
  text: string
  scrapes: Scrape[]
  time: number
}

/** The metrics that a query reads, each with the labels that it names. */
export function selected(text: string): { name: string; labels: string[] }[] {
  const found: { name: string; labels: string[] }[] = []
  const visit = (node: SyntaxNode) => {
    if (node.name === 'VectorSelector') found.push({ name: nameIn(node, text), labels: matchersOf(node, text).map(({ label }) => label) })
    for (const child of childrenOf(node)) visit(child)
  }
  visit(parsed(text))
  return found
}

/** The value of a query at the time, as an instant vector. */
export function evaluate(text: string, scrapes: Scrape[], time: number): Sample[] {
  const value = read(parsed(text), { text, scrapes, time })
  return typeof value === 'number' ? [{ labels: {}, value }] : value
}

function read(node: SyntaxNode, at: At): Sample[] | number {
  const children = childrenOf(node)
  switch (node.name) {
    case 'ParenExpr':
      return read(only(children[0]), at)
    case 'NumberDurationLiteral':
      return Number(wordsOf(node, at.text))
    case 'VectorSelector':
      return instant(node, at)
    case 'OffsetExpr':
      return read(only(children[0]), { ...at, time: at.time - secondsOf(wordsOf(only(children.at(-1)), at.text)) })
    case 'AggregateExpr':
      return aggregated(children, at)
    case 'FunctionCall':
      return called(children, at)
    case 'BinaryExpr':
      return combined(children, at)
    default:
      throw new Error(`${node.name} is not known here: ${wordsOf(node, at.text)}`)
  }
}

// As long as Prometheus looks back for a value.
const lookback = 300

/** Series of the last scrape: what it does not have any more is stale. */
function instant(node: SyntaxNode, { text, scrapes, time }: At): Sample[] {
  const last = scrapes.findLast(({ at }) => at <= time && at > time - lookback)
  return (last?.series ?? []).filter(fits(node, text)).map(({ labels, value }) => ({ labels, value }))
}

function fits(node: SyntaxNode, text: string) {
  const name = nameIn(node, text)
  const matchers = matchersOf(node, text)
  return (one: Series) => one.name === name && matchers.every(({ label, holds }) => holds(one.labels[label] ?? ''))
}

function matchersOf(node: SyntaxNode, text: string) {
  return descendants(node, 'UnquotedLabelMatcher').map((matcher) => {
    const [label, operator, value] = childrenOf(matcher).map((child) => wordsOf(child, text))
    const wanted: string = JSON.parse(value ?? '""')
    const pattern = RegExp(`^(?:${wanted})$`)
    const tests: Record<string, (found: string) => boolean> = {
      '=': (found) => found === wanted,
      '!=': (found) => found !== wanted,
      '=~': (found) => pattern.test(found),
      '!~': (found) => !pattern.test(found),
    }
    return { label: label ?? '', holds: only(tests[operator ?? '']) }
  })
}

function aggregated(children: SyntaxNode[], at: At): Sample[] {
  const [operator] = children
  const by = children.flatMap((child) => descendants(child, 'GroupingLabels')).flatMap((labels) => childrenOf(labels))
  const names = by.map((label) => wordsOf(label, at.text))
  const body = only(children.find(({ name }) => name === 'FunctionCallBody'))
  const samples = vector(read(only(childrenOf(body)[0]), at))
  const groups = Map.groupBy(samples, ({ labels }) => keyOf(pick(labels, names)))
  const fold: Record<string, (values: number[]) => number> = {
    sum: (values) => values.reduce((all, one) => all + one, 0),
    max: (values) => Math.max(...values),
    min: (values) => Math.min(...values),
    count: (values) => values.length,
  }
  const folded = only(fold[wordsOf(only(operator), at.text)])
  return [...groups.values()].map((group) => ({
    labels: pick(group[0]?.labels ?? {}, names),
    value: folded(group.map(({ value }) => value)),
  }))
}

function called([name, body]: SyntaxNode[], at: At): Sample[] {
  const given = childrenOf(only(body))
  switch (wordsOf(only(name), at.text)) {
    case 'rate':
      return overRange(only(given[0]), at, (perSecond) => perSecond)
    case 'increase':
      return overRange(only(given[0]), at, (perSecond, range) => perSecond * range)
    case 'histogram_quantile':
      return quantiles(Number(read(only(given[0]), at)), vector(read(only(given[1]), at)))
    default:
      throw new Error(`${wordsOf(only(name), at.text)} is not known here`)
  }
}

/** Counters over a range, with their resets; two samples at least, as Prometheus wants them. */
function overRange(node: SyntaxNode, { text, scrapes, time }: At, result: (perSecond: number, range: number) => number): Sample[] {
  const [selector, duration] = childrenOf(node)
  const range = secondsOf(wordsOf(only(duration), text))
  const wanted = fits(only(selector), text)
  const within = scrapes.filter(({ at }) => at <= time && at > time - range)
  const points = within.flatMap(({ at, series }) => series.filter(wanted).map((one) => ({ at, ...one })))
  return [...Map.groupBy(points, ({ labels }) => keyOf(labels)).values()].flatMap((line) => {
    const [first, last] = [line[0], line.at(-1)]
    if (!first || !last || last.at === first.at) return []
    // A counter that is lower than before began again at 0.
    const gained = line.slice(1).map(({ value }, index) => value - (value < (line[index]?.value ?? 0) ? 0 : (line[index]?.value ?? 0)))
    const sum = gained.reduce((all, one) => all + one, 0)
    return [{ labels: first.labels, value: result(sum / (last.at - first.at), range) }]
  })
}

/** Linear within the bucket, as Prometheus does it; in the last bucket its lower end. */
function quantiles(quantile: number, samples: Sample[]): Sample[] {
  const groups = Map.groupBy(samples, ({ labels }) => keyOf(without(labels, 'le')))
  return [...groups.values()].map((buckets) => {
    const sorted = buckets
      .map(({ labels, value }) => ({ le: labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le), value }))
      .sort((one, other) => one.le - other.le)
    const all = sorted.at(-1)?.value ?? 0
    const rank = quantile * all
    const index = sorted.findIndex(({ value }) => value >= rank)
    const [below, found] = [sorted[index - 1] ?? { le: 0, value: 0 }, sorted[index]]
    const inside = found && found.value > below.value ? (rank - below.value) / (found.value - below.value) : 0
    const value =
      all === 0 || !found ? Number.NaN : found.le === Number.POSITIVE_INFINITY ? below.le : below.le + (found.le - below.le) * inside
    return { labels: without(buckets[0]?.labels ?? {}, 'le'), value }
  })
}

const comparisons: Record<string, (one: number, other: number) => boolean> = {
  '>': (one, other) => one > other,
  '<': (one, other) => one < other,
  '==': (one, other) => one === other,
  '>=': (one, other) => one >= other,
}
const sums: Record<string, (one: number, other: number) => number> = {
  '/': (one, other) => one / other,
  '-': (one, other) => one - other,
  '*': (one, other) => one * other,
}

function combined(children: SyntaxNode[], at: At): Sample[] | number {
  const [one, operator, other] = [only(children[0]), wordsOf(only(children[1]), at.text), only(children[2])]
  const [left, right] = [read(one, at), read(other, at)]
  const has = (samples: Sample[]) => (sample: Sample) => samples.some(({ labels }) => keyOf(labels) === keyOf(sample.labels))
  if (operator === 'or') return [...vector(left), ...vector(right).filter((sample) => !has(vector(left))(sample))]
  if (operator === 'unless') return vector(left).filter((sample) => !has(vector(right))(sample))
  if (operator === 'and') return vector(left).filter(has(vector(right)))
  const rightOf = ({ labels }: Sample) =>
    typeof right === 'number' ? right : right.find((sample) => keyOf(sample.labels) === keyOf(labels))?.value
  const compare = comparisons[operator]
  const compute = compare ? undefined : only(sums[operator])
  return vector(left).flatMap((sample) => {
    const value = rightOf(sample)
    if (value === undefined) return []
    if (compare) return compare(sample.value, value) ? [sample] : []
    return compute ? [{ ...sample, value: compute(sample.value, value) }] : []
  })
}

function vector(value: Sample[] | number): Sample[] {
  return typeof value === 'number' ? [{ labels: {}, value }] : value
}

function pick(labels: Labels, names: string[]): Labels {
  return Object.fromEntries(names.flatMap((name) => (labels[name] === undefined ? [] : [[name, labels[name]]])))
}

function without(labels: Labels, name: string): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([label]) => label !== name))
}

function keyOf(labels: Labels) {
  return JSON.stringify(Object.entries(labels).sort(([one], [other]) => one.localeCompare(other)))
}
