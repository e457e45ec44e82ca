import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newRuntime } from '../../src/context.ts'
import { hooks, leases, namespacePasses } from '../../src/db/schema.ts'
import { reconcile } from '../../src/notifications/webhook-reconcile.ts'
import { postgresOfRun } from '../db/own-database.ts'
import { isCi } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { passNow } from './hooks.ts'

const channel = 'acme-dev'
const soon = { timeout: 30_000, interval: 30 }
const elevenMinutes = 11 * 60_000

let server: Awaited<ReturnType<typeof postgresOfRun>>

beforeAll(async () => {
  server = await postgresOfRun()
})

afterAll(() => server.stop())

/** Three channels hear of all of acme, and everything is registered. */
async function subscribed(database?: { databaseUrl: string }) {
  const started = await startBot(database ? { database } : {})
  const { bea, bot, quay, repository } = started
  for (const place of [channel, 'general', 'quay-approvals'])
    await bea.presses('Subscribe', await bea.types('/quay subscribe acme/* events=pushes', place), place)
  const own = () => quay.registry.repositories.filter(({ namespace }) => namespace === 'acme')
  const ours = () => own().map(({ notifications }) => notifications.length)
  await expect.poll(ours, soon).toEqual(own().map(() => 1))
  await passNow(bot)
  /** The calls to Quay since `from`, without those of people: lists of the namespace, and looks at one repository's notifications. */
  const calls = (from: number) => {
    const asked = quay.exchanges.slice(from).filter(({ method }) => method === 'GET')
    return {
      lists: asked.filter(({ path }) => path.startsWith('/api/v1/repository?') && path.includes('namespace=acme')).length,
      looks: asked
        .filter(({ path }) => /\/notification\/$/.test(path))
        .map(({ path }) => path.replace(/.*repository\/|\/notification\/$/g, '')),
    }
  }
  const said = async () => (await bea.sees(channel)).filter(({ ephemeral }) => !ephemeral).map(({ text }) => text)
  /** A budget so small that repositories are looked at one by one only every hour or so. */
  const saves = () => {
    bot.config.QUAY_RATE = 0.02
  }
  return { ...started, acme: (name: string) => repository(`acme/${name}`), ours, calls, said, saves }
}

test('three channels hear of a namespace: a pass lists it once, and asks no repository that told what it should', async () => {
  const { bot, quay, calls, saves, said } = await subscribed()
  saves()
  quay.registry.pushTag('acme/api', 'told', 'acme+ci')
  await expect.poll(said, soon).toContainEqual(expect.stringContaining('`told` pushed.'))
  const from = quay.exchanges.length
  await passNow(bot)
  expect(calls(from)).toEqual({ lists: 1, looks: [] })
})

test.runIf(isCi)(
  'Quay has switched one webhook off, and somebody has deleted another: the first push that is not told shows both in the next pass',
  async () => {
    const { acme, bot, clock, quay, calls, saves, said } = await subscribed()
    saves()
    const [off] = acme('api')?.notifications ?? []
    if (off) off.failures = 3
    acme('shop')?.notifications.splice(0)
    for (const name of ['acme/api', 'acme/shop']) quay.registry.pushTag(name, 'missed', 'acme+ci')
    const from = quay.exchanges.length
    await clock.advance(elevenMinutes)
    await expect
      .poll(said, soon)
      .toEqual(
        expect.arrayContaining([
          expect.stringMatching(/:package: .*acme\/api.*: .*`missed` pushed\./),
          expect.stringMatching(/:package: .*acme\/shop.*: .*`missed` pushed\./),
          expect.stringMatching(
            /^Quay had disabled the notifications of acme\/api.*, because it could not reach Quaymaster three times\. They are enabled again, and events since .* were added\./,
          ),
          expect.stringMatching(
            /^Someone deleted Quaymaster’s notifications of acme\/shop.* in Quay\. They are created again, and events since .* were added\./,
          ),
        ]),
      )
    await passNow(bot)
    expect(new Set(calls(from).looks)).toEqual(new Set(['acme/api', 'acme/shop']))
    expect(acme('api')?.notifications.map(({ failures }) => failures)).toEqual([0])
  },
)

test.runIf(isCi)('a repository that appears in Quay is heard of from the next pass on, and one that goes costs nothing more', async () => {
  const { acme, alice, bot, clock, quay, ours } = await subscribed()
  const before = ours().length
  expect((await alice.types('/quay repo create acme/young')).text).toMatch(/^Created/)
  await clock.advance(elevenMinutes)
  await expect.poll(() => acme('young')?.notifications.length, soon).toBe(1)
  quay.registry.repositories.splice(
    quay.registry.repositories.findIndex(({ name }) => name === 'young'),
    1,
  )
  await passNow(bot)
  expect(await bot.db.$count(hooks)).toBe(before)
})

test.runIf(isCi)('the last subscription of a namespace ends: its notifications go, and it is not looked at any more', async () => {
  const { bea, bot, ours } = await subscribed()
  for (const place of [channel, 'general', 'quay-approvals']) await bea.types('/quay unsubscribe acme/*', place)
  await expect.poll(() => new Set(ours()), soon).toEqual(new Set([0]))
  await expect.poll(() => bot.db.$count(namespacePasses), soon).toBe(0)
  expect(await bot.db.$count(hooks)).toBe(0)
})

test('Quay fails in a pass: nothing is removed, the same pass goes on a minute later, and status says since when it waits', async () => {
  const { alice, bot, clock, quay, ours } = await subscribed()
  const before = ours()
  bot.quay.limits.pauses = []
  quay.faults({ status: 503, match: 'GET /api/v1/repository' })
  await passNow(bot)
  const passes = async () => (await bot.db.select().from(namespacePasses)).map(({ startedAt, dueAt }) => ({ startedAt, dueAt }))
  expect(await passes()).toEqual([{ startedAt: expect.any(Date), dueAt: expect.any(Date) }])
  expect((await passes())[0]?.dueAt.getTime()).toBeLessThanOrEqual(clock.now() + 60_000)
  const status = JSON.stringify((await alice.types('/quay status')).blocks)
  expect(status).toMatch(/1 namespace, each about every 10 minutes; acme has been waiting since/)
  quay.faults(undefined)
  await clock.advance(61_000)
  await expect.poll(async () => (await passes())[0]?.startedAt, soon).toBeNull()
  expect(ours()).toEqual(before)
})

describe('two replicas on PostgreSQL', () => {
  test.runIf(isCi)('both look for what is due at once: one of them passes over the namespace, the other over nothing', async () => {
    const { bot, quay, calls } = await subscribed({ databaseUrl: await server.database() })
    // A replica of its own process has timers and locks of its own.
    const other = { ...bot, runtime: newRuntime() }
    await bot.db.update(namespacePasses).set({ dueAt: new Date(bot.clock()) })
    const from = quay.exchanges.length
    quay.faults({ latencyMs: 200, match: 'GET /api/v1/repository' })
    await Promise.all([reconcile(bot), reconcile(other), reconcile(bot), reconcile(other)])
    await expect.poll(() => bot.db.$count(leases), soon).toBe(0)
    expect(calls(from).lists).toBe(1)
  })

  test('one is killed in the middle of a pass: the other waits for the end of its lease, and goes on', async () => {
    const { bot, quay, calls, acme } = await subscribed({ databaseUrl: await server.database() })
    acme('api')?.notifications.splice(0)
    const past = new Date(bot.clock() - elevenMinutes)
    // As a killed process leaves it: begun, and held by somebody who does not answer.
    await bot.db.insert(leases).values({ name: 'passes', holder: 'dead', until: new Date(Date.now() + 3_600_000) })
    await bot.db.update(hooks).set({ checkedAt: past }).where(eq(hooks.object, 'acme/api'))
    await bot.db.update(namespacePasses).set({ dueAt: past, startedAt: past })
    const from = quay.exchanges.length
    await reconcile(bot)
    expect(calls(from)).toEqual({ lists: 0, looks: [] })
    await bot.db.update(leases).set({ until: new Date(Date.now() - 1_000) })
    await reconcile(bot)
    await expect.poll(() => acme('api')?.notifications.length, soon).toBe(1)
    expect((await bot.db.select().from(namespacePasses)).map(({ startedAt }) => startedAt)).toEqual([null])
  })

  test('a change during a pass makes the next one due at once', async () => {
    const { bea, bot, quay, acme, repository } = await subscribed({ databaseUrl: await server.database() })
    await bot.db.update(namespacePasses).set({ dueAt: new Date(bot.clock()) })
    quay.faults({ latencyMs: 1_000, match: 'GET /api/v1/repository' })
    const passing = reconcile(bot)
    await bea.types('/quay subscribe acme/api events=mirrors', channel)
    await passing
    quay.faults(undefined)
    await expect
      .poll(
        () =>
          acme('api')
            ?.notifications.map(({ event }) => event)
            .toSorted(),
        soon,
      )
      .toContain('repo_mirror_sync_failed')
    expect(repository('acme/shop')?.notifications).toHaveLength(1)
  })
})
