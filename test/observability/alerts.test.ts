import { and, notLike, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { cards, events } from '../../src/db/schema.ts'
import { startFaultyPostgres } from '../db/faulty-postgres.ts'
import { ownHook } from '../notifications/hooks.ts'
import { isCi, sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { alerts, startPrometheus } from './prometheus.ts'

// Each fault is made in Quay, Slack or the database; what Prometheus would scrape from the bot then makes its alert fire.

const waiting = { timeout: 30_000, interval: 30 }
const minutes = (...all: number[]) => all.map((one) => one * 60)

let database: Awaited<ReturnType<typeof startFaultyPostgres>>

beforeAll(async () => {
  database = await startFaultyPostgres()
})

afterAll(() => database.stop())

test('all is well, and people work: no alert fires', async () => {
  const { alice, bea, origin } = await startBot()
  const prometheus = startPrometheus(origin)
  for (const at of minutes(0, 5, 10, 15, 20, 25, 30, 35)) {
    await alice.types('/quay repo list acme')
    await bea.types('/quay repo show acme/api')
    await prometheus.scrape(at)
  }
  expect(prometheus.firing()).toEqual([])
})

test('more calls than QUAY_RATE allows: the budget is starved', async () => {
  const { bot, origin } = await startBot({ environment: { QUAY_RATE: '4' } })
  const prometheus = startPrometheus(origin)
  const turns = Array.from({ length: 400 }, () => bot.quay.rateLimiter.turn({ class: 'interactive', person: 'U0ALICE' }, 300_000))
  for (const at of minutes(0, 5)) await prometheus.scrape(at)
  expect(prometheus.firing()).toEqual(['QuaymasterCallBudgetStarved'])
  bot.quay.rateLimiter.share(100_000)
  await Promise.all(turns)
})

test('Quay takes its time: commands are slow', async () => {
  const { alice, quay, clock, origin } = await startBot()
  const prometheus = startPrometheus(origin)
  await alice.types('/quay repo show acme/api')
  await prometheus.scrape(0)
  for (const at of minutes(5, 10, 15)) {
    quay.faults({ latencyMs: 300, match: 'GET /api/v1/repository/acme/api' })
    const before = quay.exchanges.length
    const typed = alice.types('/quay repo show acme/api')
    await expect.poll(() => quay.exchanges.length, { ...waiting, interval: 5 }).toBeGreaterThan(before)
    await clock.advance(20_000)
    await typed
    await prometheus.scrape(at)
  }
  expect(prometheus.firing()).toContain('QuaymasterCommandsSlow')
})

test('the token of the Slack app is revoked: Slack refuses', async () => {
  const { alice, slack, clock, origin } = await startBot()
  const prometheus = startPrometheus(origin)
  await alice.types('/quay repo show acme/api')
  await prometheus.scrape(0)
  slack.faults({ failing: [{ error: 'token_revoked' }] })
  await clock.advance(61_000)
  for (const at of minutes(1, 2, 3)) await prometheus.scrape(at)
  expect(prometheus.firing()).toContain('QuaymasterSlackRefused')
})

test.runIf(isCi)('a scope is taken from the Slack app: Slack refuses, though readiness is still well', async () => {
  const { alice, slack, origin } = await startBot()
  const prometheus = startPrometheus(origin)
  await prometheus.scrape(0)
  slack.faults({ failing: [{ method: 'views.open', error: 'missing_scope' }] })
  await alice.types('/quay repo create')
  for (const at of minutes(1, 2)) await prometheus.scrape(at)
  expect(prometheus.firing()).toContain('QuaymasterSlackRefused')
})

test.each(sampled(['away', 'read-only', 'full'] as const, 3))(
  'the database is %s: it is unwell, and the rest is scraped all the same',
  async (fault) => {
    // With one key for all, nobody reads the directory anew.
    const { origin } = await startBot({ database, environment: { SECRETS_KEY: 'x'.repeat(43) } })
    onTestFinished(() => database.recovers())
    const prometheus = startPrometheus(origin)
    await prometheus.scrape(0)
    await database.fails(fault)
    await expect.poll(async () => (await fetch(`${origin}/readyz`)).status, waiting).toBe(503)
    for (const at of minutes(1, 2, 3)) await prometheus.scrape(at)
    expect(prometheus.firing()).toContain('QuaymasterDatabaseUnwell')
  },
)

test('Slack does not take the cards of a channel: events are not delivered', async () => {
  const { bea, bot, quay, slack, clock, origin } = await startBot()
  await bea.types('/quay subscribe acme/api events=pushes', 'acme-dev')
  const prometheus = startPrometheus(origin)
  slack.faults({ failing: [{ method: 'chat.postMessage', error: 'ratelimited', retryAfter: 3_600 }] })
  quay.registry.pushTag('acme/api', 'latest', 'acme+ci')
  // Not the notice about the subscription.
  const pushed = and(sql`${cards.wanted} > ${cards.drawn}`, notLike(cards.subject, 'notice%'))
  await expect.poll(() => bot.db.$count(cards, pushed), waiting).toBe(1)
  await clock.advance(1_200_000)
  for (const at of minutes(0, 5)) await prometheus.scrape(at)
  expect(prometheus.firing()).toContain('QuaymasterEventsNotDelivered')
})

test.runIf(isCi)('the jobs stand still: the alert on events names those that wait for their fan-out', async () => {
  const started = await startBot()
  const { bot, clock, origin } = started
  const { send } = await ownHook(started, 'acme/api', 'repo_push')
  await bot.boss.stop({ graceful: false })
  const prometheus = startPrometheus(origin)
  expect(await send({ updated_tags: ['latest'] }).catch(() => 503)).toBeGreaterThan(0)
  await bot.db
    .insert(events)
    .values({ object: 'acme/api', kind: 'repo_push', source: 'webhook', key: 'one', receivedAt: new Date(bot.clock()) })
  await clock.advance(400_000)
  for (const at of minutes(0, 5)) await prometheus.scrape(at)
  expect(prometheus.firing()).toContain('QuaymasterEventsNotDelivered')
})

test('each alert has its own section in operations.md, and a name of its own', () => {
  expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length)
  for (const { alert, annotations } of alerts) expect(annotations.runbook).toBe(`operations.md#${alert.toLowerCase()}`)
})
