import { readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { postgresOfRun } from '../db/own-database.ts'
import { startBot } from '../start-bot.ts'
import { readExposition, type Series } from './exposition.ts'
import { alerts } from './prometheus.ts'
import { selected } from './promql.ts'

const server = await postgresOfRun()
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
  const { alice, bea, quay, slack, origin, bot } = await startBot({
    until: afterAll,
    database: { databaseUrl: await server.database(), pool: 3 },
  })
  await alice.types('/quay repo show acme/api')
  await bea.types('/quay subscribe acme/api events=pushes', 'acme-dev')
  quay.registry.pushTag('acme/api', 'latest', 'acme+ci')
  slack.faults({ failing: [{ method: 'views.open', error: 'ratelimited', times: 1 }] })
  await alice.types('/quay repo create')
  await expect
    .poll(async () => (await bot.boss.findJobs('sweep-requests')).some(({ state }) => state === 'completed'), { timeout: 20_000 })
    .toBe(true)
  bot.slack.drawing.observe('plan', 'refused')
  bot.metrics.orphans.inc({ operation: 'repo create', outcome: 'nothing' })
  return readExposition(await fetch(`${origin}/metrics`).then((response) => response.text()))
}

const isOwn = (name: string) => name.startsWith('quaymaster_')
const base = (name: string) => name.replace(/_(bucket|sum|count)$/, '')

test('alerts and dashboard read metrics and labels that there are, and every metric of ours is drawn and explained', async () => {
  const series = await served()
  const labelsOf = (name: string) => new Set(series.filter((one) => one.name === name).flatMap(({ labels }) => Object.keys(labels)))
  const queries = [...alerts.map(({ expr }) => expr), ...drawn]
  const unknown = queries.flatMap((expr) =>
    selected(expr).flatMap(({ name, labels }) => {
      const has = labelsOf(name)
      return series.some((one) => one.name === name)
        ? labels.filter((label) => !has.has(label)).map((label) => `${name}{${label}}`)
        : [name]
    }),
  )
  expect(unknown).toEqual([])
  const own = [...new Set(series.map(({ name }) => base(name)).filter(isOwn))]
  expect(own.length).toBeGreaterThan(30)
  const operations = readFileSync('docs/operations.md', 'utf8')
  expect(own.filter((name) => !drawn.some((expr) => expr.includes(name)))).toEqual([])
  expect(own.filter((name) => !operations.includes(name))).toEqual([])

  // The labels have few values, and none names a person, a repository or a channel.
  const values = Map.groupBy(
    series
      .filter(({ name }) => isOwn(name))
      .flatMap(({ name, labels }) => Object.entries(labels).map(([label, value]) => ({ label: `${name} ${label}`, value }))),
    ({ label }) => label,
  )
  for (const all of values.values()) {
    expect(new Set(all.map(({ value }) => value)).size).toBeLessThan(60)
    for (const { value } of all) expect(value).not.toMatch(/alice|bea|U0|C0|acme/)
  }
})

test('panels have ids of their own', () => {
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
})
