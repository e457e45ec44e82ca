import { readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { startPostgres } from '../db/start-postgres.ts'
import { startBot } from '../start-bot.ts'
import { readExposition, type Series } from './exposition.ts'
import { alerts } from './prometheus.ts'
import { selected } from './promql.ts'

const server = await startPostgres()
afterAll(() => server.stop())

// Grafana's own word for a range.
const interval = /\$__rate_interval/g
const dashboard = z
  .object({
    panels: z.array(z.object({ id: z.number(), title: z.string(), targets: z.array(z.object({ expr: z.string() })).default([]) })),
  })
  .parse(JSON.parse(readFileSync('docs/dashboard.json', 'utf8')))
const drawn = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr.replace(interval, '5m')))

/** What a bot serves after it has done a little of everything. */
async function served(): Promise<Series[]> {
  const { alice, bea, quay, slack, origin, bot } = await startBot({ database: { databaseUrl: await server.database(), pool: 3 } })
  await alice.types('/quay repo show acme/api')
  await bea.types('/quay subscribe acme/api events=pushes', 'acme-dev')
  quay.registry.pushTag('acme/api', 'latest', 'acme+ci')
  slack.faults({ failing: [{ method: 'views.open', error: 'ratelimited', times: 1 }] })
  await alice.types('/quay repo create')
  await expect
    .poll(async () => (await bot.boss.findJobs('sweep-requests')).some(({ state }) => state === 'completed'), { timeout: 20_000 })
    .toBe(true)
  bot.metrics.orphans.inc({ operation: 'repo create', outcome: 'nothing' })
  return readExposition(await fetch(`${origin}/metrics`).then((response) => response.text()))
}

const series = await served()
const labelsOf = (name: string) => new Set(series.filter((one) => one.name === name).flatMap(({ labels }) => Object.keys(labels)))
const own = new Set(series.map(({ name }) => name.replace(/_(bucket|sum|count)$/, '')).filter((name) => name.startsWith('quaymaster_')))

test.each([...alerts.map(({ alert, expr }) => [alert, expr] as const), ...drawn.map((expr) => [expr, expr] as const)])(
  '%s reads metrics and labels that there are',
  (_, expr) => {
    for (const { name, labels } of selected(expr)) {
      expect(series.map((one) => one.name)).toContain(name)
      for (const label of labels) expect(labelsOf(name)).toContain(label)
    }
  },
)

test('every metric of ours is drawn on the dashboard, explained in operations.md, and has a help text of its own', async () => {
  const all = drawn.join('\n')
  const operations = readFileSync('docs/operations.md', 'utf8')
  expect([...own].filter((name) => !all.includes(name))).toEqual([])
  expect([...own].filter((name) => !operations.includes(name))).toEqual([])
})

test('the labels have few values, and none names a person, a repository or a channel', () => {
  const values = new Map<string, Set<string>>()
  for (const { name, labels } of series.filter((one) => own.has(one.name.replace(/_(bucket|sum|count)$/, ''))))
    for (const [label, value] of Object.entries(labels))
      values.set(label, (values.get(label) ?? new Set()).add(`${name}:${value}`.split(':').slice(1).join(':')))
  const names = [...values.values()].flatMap((all) => [...all])
  for (const secret of ['alice', 'bea', 'U0ALICE', 'acme/api', 'acme-dev', 'C0'])
    expect(names.filter((one) => one.includes(secret))).toEqual([])
  for (const [, all] of values) expect(all.size).toBeLessThan(60)
})

test('panels have ids of their own and lie side by side', () => {
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
})
