import { and, eq, like } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { cards, channelTurns, events, hooks, subscriptions } from '../../src/db/schema.ts'
import { deliver } from '../../src/notifications/deliver.ts'
import { fanOut } from '../../src/notifications/fan-out.ts'
import { isCi } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { ownHook, ownSubscription, passNow } from './hooks.ts'

// What could be lost or told to the wrong people without a word: each was a change of the code that no test noticed.

const channel = 'acme-dev'
const id = 'C0ACMEDEV'
const soon = { timeout: 30_000, interval: 30 }
const elevenMinutes = 11 * 60_000

async function begun() {
  const started = await startBot()
  const { bea, bot } = started
  const said = async (place = channel) => (await bea.sees(place)).filter(({ ephemeral }) => !ephemeral).map(({ text }) => text)
  const waiting = async () => (await bot.db.select().from(events)).filter(({ fannedAt }) => fannedAt === null).length
  return { ...started, said, waiting }
}

test('Quay is away for one look: not one notification of a living subscription is deleted, for one repository or a namespace', async () => {
  const { bea, bot, quay, repository } = await begun()
  await bea.types('/quay subscribe acme/api events=pushes', channel)
  await bea.presses('Subscribe', await bea.types('/quay subscribe acme/* events=pushes', 'general'), 'general')
  const ours = () => ['acme/api', 'acme/shop', 'acme/legacy'].map((name) => repository(name)?.notifications.length)
  await expect.poll(ours, soon).toEqual([1, 1, 1])
  bot.quay.limits.pauses = []
  for (const fault of [{ status: 503 }, { status: 500 }, { cut: true }, { status: 503, match: 'GET /api/v1/repository' }]) {
    quay.faults(fault)
    await passNow(bot)
    quay.faults(undefined)
    expect(ours(), JSON.stringify(fault)).toEqual([1, 1, 1])
  }
  await passNow(bot)
  expect(ours()).toEqual([1, 1, 1])
  expect(await bot.db.$count(hooks)).toBeGreaterThanOrEqual(3)
})

test('an event that comes while Quay is silent is told when it answers again', async () => {
  const { bea, bot, quay, said, waiting } = await begun()
  await bea.types('/quay subscribe acme/api events=pushes', channel)
  bot.quay.limits.pauses = []
  quay.faults({ status: 503, match: 'GET' })
  quay.registry.pushTag('acme/api', 'patient', 'acme+ci')
  await expect.poll(waiting, soon).toBe(1)
  await expect(fanOut(bot)).rejects.toMatchObject({ code: 'unavailable' })
  expect(await waiting()).toBe(1)
  quay.faults(undefined)
  await fanOut(bot)
  await expect.poll(() => said(), soon).toContainEqual(expect.stringContaining('`patient` pushed'))
})

test.runIf(isCi)('an event that comes while Slack does not say who the subscriber is, is told when it does', async () => {
  const started = await begun()
  const { bot, quay, said, slack, waiting } = started
  await ownSubscription(started, id, 'acme/api', ['pushes'])
  const { send } = await ownHook(started, 'acme/api', 'repo_push')
  quay.registry.pushTag('acme/api', 'patient', 'acme+ci')
  await bot.db.update(subscriptions).set({ checkedAt: new Date(bot.clock() - elevenMinutes) })
  bot.slack.people.clear()
  bot.cache.clear()
  slack.faults({ rateLimit: { method: 'users.info', retryAfter: 1 } })
  await send({ updated_tags: ['patient'] })
  await expect(fanOut(bot)).rejects.toMatchObject({ code: 'unavailable' })
  expect(await waiting()).toBe(1)
  slack.faults(undefined)
  await expect.poll(() => said(), soon).toContainEqual(expect.stringContaining('`patient` pushed'))
})

test.runIf(isCi)('an event that arrives once more while it is passed on is passed on once more', async () => {
  const started = await begun()
  const { bot, quay, said, waiting } = started
  await ownSubscription(started, id, 'acme/api', ['pushes'])
  const { send } = await ownHook(started, 'acme/api', 'repo_push')
  quay.registry.pushTag('acme/api', 'twice', 'acme+ci')
  quay.faults({ latencyMs: 600, match: 'GET /api/v1/repository/acme/api/tag' })
  await send({ updated_tags: ['twice'] })
  const asked = () => quay.exchanges.filter(({ path }) => path.includes('/acme/api/tag')).length
  await expect.poll(async () => (await bot.db.select().from(events)).length, soon).toBe(1)
  const passing = fanOut(bot)
  quay.registry.pushTag('acme/api', 'twice', 'acme+ci')
  await send({ updated_tags: ['twice'] })
  await passing
  quay.faults(undefined)
  await fanOut(bot)
  await expect.poll(waiting, soon).toBe(0)
  await expect.poll(async () => (await said()).filter((text) => text.includes('`twice` pushed.')).length, soon).toBe(2)
  expect(asked()).toBeGreaterThan(1)
})

test.runIf(isCi)('killed between mending a notification and telling of the gap: the next look tells of it, once', async () => {
  const { bea, bot, clock, repository, said } = await begun()
  await bea.types('/quay subscribe acme/api events=pushes', channel)
  await expect.poll(() => repository('acme/api')?.notifications.length, soon).toBe(1)
  // As the one that was killed has left it: mended in Quay, written down, and nothing told.
  const since = new Date(bot.clock() - elevenMinutes)
  await bot.db.update(hooks).set({ problem: 'switched off', checkedAt: since }).where(eq(hooks.object, 'acme/api'))
  await passNow(bot)
  await expect
    .poll(async () => (await said()).filter((text) => text.includes('Quay had disabled the notifications of')).length, soon)
    .toBe(1)
  await clock.advance(elevenMinutes)
  await passNow(bot)
  expect((await said()).filter((text) => text.includes('Quay had disabled the notifications of'))).toHaveLength(1)
  expect((await bot.db.select().from(hooks)).map(({ problem }) => problem)).toEqual([null])
})

test.runIf(isCi)('two replicas post in one channel: each card once, and never two within a second', async () => {
  const started = await begun()
  const { bot, quay, said, slack } = started
  await ownSubscription(started, id, 'acme/api', ['pushes'])
  const { send } = await ownHook(started, 'acme/api', 'repo_push')
  for (const tag of ['one', 'two', 'three', 'four']) quay.registry.pushTag('acme/api', tag, 'acme+ci')
  // A process of its own has a door of its own to the same rows.
  const other = { ...bot, db: Object.create(bot.db) as typeof bot.db } // the same database by another name
  const before = slack.traffic.length
  await send({ updated_tags: ['one', 'two', 'three', 'four'] })
  await fanOut(bot)
  await Promise.all([deliver(bot), deliver(other), deliver(bot), deliver(other)])
  const pushes = async () => (await said()).filter((text) => text.includes('` pushed.'))
  await expect.poll(async () => (await pushes()).length, soon).toBe(4)
  expect(new Set(await pushes()).size).toBe(4)
  const posts = slack.traffic.slice(before).filter(({ name }) => name === 'chat.postMessage')
  expect(posts).toHaveLength(4)
  const ats = posts.map(({ at }) => at).toSorted((one, next) => one - next)
  for (const [index, at] of ats.entries()) if (index > 0) expect(at - (ats[index - 1] ?? 0)).toBeGreaterThanOrEqual(950)
  expect((await bot.db.select().from(channelTurns)).length).toBeGreaterThan(0)
})

test('a flood at one address: a hundred a minute are events, the rest fall together into one, and all are answered well', async () => {
  const started = await begun()
  const { bot } = started
  const { send } = await ownHook(started, 'acme/api', 'repo_mirror_sync_failed')
  const statuses: number[] = []
  for (let index = 0; index < 115; index += 1) statuses.push(await send({ message: `flood ${index}` }))
  expect(new Set(statuses)).toEqual(new Set([200]))
  const stored = await bot.db.select().from(events)
  // A minute may begin in between.
  expect([101, 102]).toContain(stored.length)
  expect(stored.reduce((sum, { repeats }) => sum + repeats, 0)).toBe(115 - stored.length)
})

test.runIf(isCi)('a card that could not be drawn, or changed while it was sent, is drawn again as it is then', async () => {
  const started = await begun()
  const { bea, bot, said, slack } = started
  await bea.types('/quay subscribe acme/api events=pushes', channel)
  slack.faults({ latencyMs: 2_000 })
  started.quay.registry.pushTag('acme/api', 'drawn', 'acme+ci')
  // The channel has a card about its subscription, too.
  const own = like(cards.subject, 'push acme/api drawn %')
  // In one statement: nobody would hear of a change to a card that is sent already.
  const isPosting = and(own, eq(cards.state, 'posting'))
  const changed = () => bot.db.update(cards).set({ wanted: 5 }).where(isPosting).returning()
  await expect.poll(changed, soon).toHaveLength(1)
  slack.faults(undefined)
  await expect.poll(async () => (await bot.db.select().from(cards).where(own)).map(({ drawn }) => drawn), soon).toEqual([5])
  expect((await said()).filter((text) => text.includes('`drawn` pushed.'))).toHaveLength(1)

  // While Slack does not say whether strangers read along, nothing is posted; then it is.
  bot.slack.people.clear()
  slack.faults({ rateLimit: { method: 'conversations.info', retryAfter: 1 } })
  started.quay.registry.pushTag('acme/api', 'later', 'acme+ci')
  await expect.poll(async () => (await bot.db.select().from(cards)).some(({ attempts }) => attempts > 0), soon).toBe(true)
  slack.faults(undefined)
  await started.clock.advance(60_000)
  await expect.poll(() => said(), soon).toContainEqual(expect.stringContaining('`later` pushed.'))
})

test('who has lost the permission gets no private news: it is asked before news is told, not by the regular look alone', async () => {
  const started = await begun()
  const { bot, quay, said } = started
  await ownSubscription(started, id, 'acme/api', ['pushes'], { checkedAt: new Date(bot.clock() - elevenMinutes), owner: 'U0ALICE' })
  const { send } = await ownHook(started, 'acme/api', 'repo_push')
  quay.registry.pushTag('acme/api', 'secret', 'acme+ci')
  await send({ updated_tags: ['secret'] })
  await fanOut(bot)
  await expect.poll(() => said(), soon).toContainEqual(expect.stringContaining('The subscription to acme/api is paused'))
  expect((await said()).filter((text) => text.includes('`secret` pushed'))).toEqual([])
  expect((await bot.db.select().from(subscriptions)).map(({ state }) => state)).toEqual(['paused'])
})

test.runIf(isCi)('a channel to which somebody outside is invited counts as one that they read', async () => {
  const { bea, bot, quay, said, slack, waiting } = await begun()
  await bea.types('/quay subscribe acme/api events=pushes', channel)
  const there = slack.workspace.channels.find((one) => one.name === channel)
  Object.assign(there ?? {}, { is_pending_ext_shared: true, pending_shared: ['T0OTHER'] })
  bot.slack.people.clear()
  const before = await said()
  quay.registry.pushTag('acme/api', 'private', 'acme+ci')
  await expect.poll(() => bot.db.$count(events), soon).toBe(1)
  await expect.poll(waiting, soon).toBe(0)
  await expect
    .poll(
      async () => (await bot.db.select().from(cards)).filter(({ subject }) => !subject.startsWith('notice ')).map(({ state }) => state),
      soon,
    )
    .toEqual(['gone'])
  expect(await said()).toEqual(before)
  expect((await bea.types('/quay subscribe acme/base events=pushes', channel)).text).toContain(
    'People from other workspaces can read this channel',
  )
})
