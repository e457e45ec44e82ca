import { expect, test } from 'vitest'
import { wayOf } from '../../src/approvals/way.ts'
import { translator } from '../../src/core/i18n.ts'
import { phaseLabels } from '../../src/quay/build-phase.ts'
import { checkBlocks } from '../../src/sandbox/slack/block-kit-check.ts'
import { plainly } from '../../src/slack/drawing.ts'
import { fitted } from '../../src/slack/fitted.ts'
import type { MessageBlock } from '../../src/slack/message-blocks.ts'
import { buildPlan } from '../../src/slack/views/build-plan.ts'
import { severityChart, storageChart, usageChart } from '../../src/slack/views/charts.ts'
import { stepsView } from '../../src/slack/views/steps.ts'

const all = { table: true, chart: true, plan: true, cellButtons: false }
const languages = [translator('en'), translator('ja')]

/** What Slack is sent, which the strict simulator has taken. */
function taken(blocks: MessageBlock[]) {
  const sent = fitted({ text: 'x', blocks }, all).blocks
  expect(checkBlocks(sent, 'message', '/blocks')).toEqual([])
  return sent
}

const dayOf = (index: number) => new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10)

test.each<[days: number, points: number, title: string]>([
  [2, 2, 'Usage per day'],
  [20, 20, 'Usage per day'],
  [30, 5, 'Usage per week'],
  [133, 20, 'Usage per week'],
  [366, 13, 'Usage per month'],
])('usage of %i days has %i points: %s; each day is counted, and once', (days, points, title) => {
  for (const t of languages) {
    const counts = Array.from({ length: days }, (_, index): [string, string, number] => [dayOf(index), `kind_${index % 9}`, 2])
    const [chart] = usageChart(counts, t)
    if (chart?.chart.type !== 'line') throw new Error('no chart')
    expect(taken([chart])).toHaveLength(1)
    if (t.language === 'en') expect(chart.title).toBe(title)
    expect(chart.chart.axis_config.categories).toHaveLength(points)
    expect(chart.chart.series.length).toBeLessThanOrEqual(6)
    expect(chart.chart.series.flatMap(({ data }) => data.map(({ value }) => value)).reduce((sum, one) => sum + one, 0)).toBe(days * 2)
  }
})

test('a day alone, and nothing at all, are no charts', () => {
  expect(usageChart([], languages[0] ?? translator('en'))).toEqual([])
  expect(usageChart([['2026-01-01', 'push_repo', 1]], translator('en'))).toEqual([])
})

test('severities that do not occur are no parts, and one alone is no chart', () => {
  const t = translator('en')
  const [chart] = severityChart({ Critical: 1, High: 0, Medium: 4, Low: 0, Negligible: 0, Unknown: 0 }, t)
  expect(chart && taken([chart])).toMatchObject([
    {
      chart: {
        segments: [
          { label: 'Medium', value: 4 },
          { label: 'Critical', value: 1 },
        ],
      },
    },
  ])
  expect(severityChart({ Critical: 3, High: 0 }, t)).toEqual([])
})

test('the largest repositories, whose long names stay different', () => {
  const long = 'a-very-long-name-of-a-repository'
  const found = Array.from({ length: 30 }, (_, index) => ({ name: `acme/${long}-${index}-${long}`, size: index * 1e9 }))
  const [chart] = storageChart(found, translator('en'))
  if (chart?.chart.type !== 'bar') throw new Error('no chart')
  expect(taken([chart])).toHaveLength(1)
  expect(new Set(chart.chart.axis_config.categories).size).toBe(10)
  expect(chart.chart.series[0]?.data[0]?.value).toBe(29)
  expect(storageChart([{ name: 'acme/api', size: undefined }], translator('en'))).toEqual([])
})

test('at most two charts are sent, and where there are none the rest is', () => {
  const charts = Array.from({ length: 3 }, () => severityChart({ High: 1, Low: 2 }, translator('en'))).flat()
  expect(taken(charts)).toHaveLength(2)
  expect(fitted({ text: 'x', blocks: charts }, plainly).blocks).toEqual([])
})

test.each(Object.keys(phaseLabels))('a build that is %s', (phase) => {
  for (const t of languages) {
    const blocks = taken(buildPlan({ repository: 'acme/api', id: 'b0a1c2d3-1', phase, error: 'The Dockerfile failed' }, t))
    const states = JSON.stringify(blocks).match(/"status":"\w+"/g) ?? []
    // What Slack has no state for has words alone.
    expect(states.length).toBe({ cancelled: 0, gone: 0, internalerror: 0, cannot_load: 0, error: 2, expired: 2 }[phase] ?? 4)
  }
})

test.each(['pending', 'denied', 'expired', 'withdrawn', 'approved', 'running', 'succeeded', 'failed', 'unknown'] as const)(
  'a request that is %s',
  (state) => {
    for (const t of languages)
      expect(
        taken(wayOf({ state, operation: 'repo create', rule: { needed: 2 } as never }, [], t)),
        'a rule as far as it is read',
      ).toHaveLength(state === 'withdrawn' ? 0 : 1)
  },
)

test('the steps of a command, as a plan and as lines', () => {
  const t = translator('en')
  const step = (state: 'done' | 'failed' | 'left') => ({
    name: { message: 'Give {account} admin', values: { account: 'acme+ci' } },
    state,
    asked: true,
  })
  const blocks = stepsView(
    [step('done'), { ...step('failed'), problem: { message: 'Quay is not available right now.', values: {} } }, step('left')],
    t,
  )
  expect(taken(blocks)).toMatchObject([
    { type: 'plan', tasks: [{ status: 'complete' }, { status: 'error', title: 'Give acme+ci admin' }, { status: 'pending' }] },
  ])
  expect(JSON.stringify(fitted({ text: 'x', blocks }, plainly).blocks)).toContain(
    ':x: Give acme+ci admin: Quay is not available right now.',
  )
})
