import { eq, sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { hooks, namespacePasses } from '../../src/db/schema.ts'
import { readPlan } from '../../src/notifications/pass-plan.ts'
import { isCi } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { startInQuay } from './builds.ts'
import { passNow } from './hooks.ts'

// Webhooks that Quay has switched off or lost are noticed at the next look at their namespace, without a push and without a call for
// each of its repositories: its usage log counts what should have been told.

const channel = 'acme-dev'
const soon = { timeout: 30_000, interval: 30 }
const aMinute = 60_000

/** A channel hears of all of acme, at a budget so small that its repositories are listed seldom, and asked one by one hardly ever. */
async function subscribed(events: string) {
  const started = await startBot()
  const { bea, bot, quay, repository, origin } = started
  await bea.presses('Subscribe', await bea.types(`/quay subscribe acme/* events=${events}`, channel), channel)
  const own = () => quay.registry.repositories.filter(({ namespace }) => namespace === 'acme')
  await expect.poll(() => own().every(({ notifications }) => notifications.length > 0), soon).toBe(true)
  await passNow(bot)
  bot.config.QUAY_RATE = 0.02
  const said = async () => (await bea.sees(channel)).filter(({ ephemeral }) => !ephemeral).map(({ text }) => text)
  const deletesInQuay = async (name: string) => {
    const [ours] = repository(name)?.notifications ?? []
    const headers = { authorization: `Bearer ${quay.tokenOf('bea')}` }
    const answer = await fetch(`${origin}/api/v1/repository/${name}/notification/${ours?.uuid}`, { method: 'DELETE', headers })
    expect(answer.status).toBe(204)
  }
  const switchesOff = (name: string) => {
    for (const one of repository(name)?.notifications ?? []) one.failures = 3
  }
  /** What the bot asked of acme since, by the way. */
  const asked = (from: number) => {
    const paths = quay.exchanges.slice(from).flatMap(({ method, path }) => (method === 'GET' ? [path.replace('/api/v1', '')] : []))
    return {
      counts: paths.filter((path) => path.startsWith('/organization/acme/aggregatelogs')).length,
      lists: paths.filter((path) => path.startsWith('/repository?') && path.includes('namespace=acme')).length,
      looks: paths.filter((path) => path.endsWith('/notification/')).map((path) => path.replace(/\/repository\/|\/notification\/$/g, '')),
    }
  }
  const isLookedAt = async () => {
    const [pass] = await bot.db.select().from(namespacePasses).where(eq(namespacePasses.namespace, 'acme'))
    return pass && pass.startedAt === null && pass.dueAt.getTime() > bot.clock()
  }
  return { ...started, said, deletesInQuay, switchesOff, asked, isLookedAt }
}

test.runIf(isCi)('somebody deletes a webhook of ours in Quay, and nobody pushes: it is made again within fifteen minutes', async () => {
  const { clock, quay, repository, said, deletesInQuay, asked } = await subscribed('pushes')
  await deletesInQuay('acme/shop')
  const from = quay.exchanges.length
  await clock.advance(14 * aMinute)
  await expect
    .poll(said, soon)
    .toContainEqual(expect.stringMatching(/^Someone deleted Quaymaster’s notifications of acme\/shop.* in Quay\./))
  expect(repository('acme/shop')?.notifications.map(({ event }) => event)).toEqual(['repo_push'])
  expect(asked(from)).toEqual({ counts: 1, lists: 0, looks: ['acme/shop'] })
})

test('Quay has switched off the webhooks of a repository, and a build of it that pushes nothing is not told: it is within fifteen minutes', async () => {
  const { clock, quay, origin, said, switchesOff, asked } = await subscribed('builds')
  switchesOff('acme/api')
  const { id } = await startInQuay({ quay, origin, archive: 'https://downloads.example.com/fail.tgz' })
  const from = quay.exchanges.length
  await clock.advance(14 * aMinute)
  await expect.poll(said, soon).toContainEqual(expect.stringMatching(/^Quay had disabled the notifications of acme\/api/))
  await expect.poll(async () => (await said()).join('\n'), soon).toContain(id.slice(0, 8))
  expect(new Set(asked(from).looks)).toEqual(new Set(['acme/api']))
  expect(asked(from).lists).toBe(0)
})

test('a look at a namespace in which everything was told is one call', async () => {
  const { clock, quay, said, asked, isLookedAt } = await subscribed('pushes')
  quay.registry.pushTag('acme/api', 'told', 'acme+ci')
  await expect.poll(said, soon).toContainEqual(expect.stringContaining('`told` pushed.'))
  const from = quay.exchanges.length
  await clock.advance(11 * aMinute)
  await expect.poll(() => asked(from).counts, soon).toBe(1)
  await expect.poll(isLookedAt, soon).toBe(true)
  expect(asked(from)).toEqual({ counts: 1, lists: 0, looks: [] })
})

test('a repository that somebody makes in Quay is heard of from the next look on, though its list is not due', async () => {
  const { clock, quay, origin, repository } = await subscribed('pushes')
  const response = await fetch(`${origin}/api/v1/repository`, {
    method: 'POST',
    headers: { authorization: `Bearer ${quay.tokenOf('bea')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ namespace: 'acme', repository: 'young', visibility: 'private', description: '' }),
  })
  expect(response.status).toBe(201)
  await clock.advance(14 * aMinute)
  await expect.poll(() => repository('acme/young')?.notifications.length, soon).toBe(1)
})

test.runIf(isCi)('Quay keeps its logs where it cannot read them: every look lists the namespace, as one without a log', async () => {
  const { bot, clock, quay, said, switchesOff, asked } = await subscribed('pushes')
  quay.registry.logsIn = 'splunk'
  switchesOff('acme/api')
  quay.registry.pushTag('acme/api', 'missed', 'acme+ci')
  const from = quay.exchanges.length
  await clock.advance(14 * aMinute)
  await expect.poll(said, soon).toContainEqual(expect.stringMatching(/^Quay had disabled the notifications of acme\/api/))
  expect(asked(from).lists).toBe(1)
  await expect.poll(async () => (await bot.db.select().from(namespacePasses)).map(({ counted }) => counted), soon).toEqual([null])
})

test('a company of 300 namespaces and 20,000 repositories at Quay’s default rate: each is looked at within fifteen minutes, and all of it stays below a quarter', async () => {
  const { bot } = await startBot({ environment: { QUAY_RATE: '4' } })
  const later = new Date(bot.clock() + 60 * aMinute)
  const counted = { at: bot.clock(), counts: {} }
  const rows = Array.from({ length: 300 }, (_, number) => ({
    namespace: `org${number}`,
    ...{ dueAt: later, calls: 1, repositories: 67, objects: 67, subscriptions: 2, listedAt: later, counted },
  }))
  await bot.db.insert(namespacePasses).values(rows)
  const plan = await readPlan(bot)
  // The job looks every minute for what is due.
  expect(plan.namespaces + aMinute).toBeLessThanOrEqual(15 * aMinute)
  expect(plan.lists).toBeLessThanOrEqual(35 * aMinute)
  const perHour = (calls: number, every: number) => (calls * 60 * aMinute) / every
  const webhooks =
    perHour(300, plan.namespaces) + perHour(300, plan.lists) + perHour(300 * 67, plan.objects) + perHour(600 * 3, plan.owners)
  // The directory has 8 % (security/directory/lists.ts).
  expect(webhooks / (4 * 3_600) + 0.08).toBeLessThanOrEqual(0.25)
  // 500 of them do not fit fifteen minutes, and the plan says so.
  await bot.db.execute(
    sql`insert into namespace_passes (namespace, due_at, calls, counted) select 'more' || n, now() + interval '1 hour', 1, '{"at":0,"counts":{}}' from generate_series(1, 200) as n`,
  )
  expect(Math.ceil((await readPlan(bot)).namespaces / aMinute)).toBe(23)
  expect(await bot.db.$count(hooks)).toBe(0)
})
