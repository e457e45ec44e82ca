import { lte } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { hooks, leases, namespacePasses } from '../../src/db/schema.ts'
import { addMissing } from '../../src/notifications/namespace-pass.ts'
import { goRounds } from '../../src/notifications/owner-rounds.ts'
import { reconcile } from '../../src/notifications/webhook-reconcile.ts'
import { hashOf } from '../../src/notifications/webhook-registration.ts'
import { refreshDirectory } from '../../src/security/directory/pass.ts'
import { fillRegistry, homeOf, ordinary, tokenOf } from '../bench/company/registry.ts'
import { channelIdOf, fillWorkspace } from '../bench/company/workspace.ts'
import { passOverDirectory } from '../directory.ts'
import { sized } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { ownSubscription } from './hooks.ts'

// A company with 500 subscriptions to everything of an organization, at the periods of Quay's default rate and with nobody typing: when
// each is looked at is read off the calls, by the bot's clock and minute by minute, and not computed.

const aMinute = 60_000
const minutes = sized(22, 30, 30)
const soon = { timeout: 60_000, interval: 10 }

const { bot, quay, slack, clock, origin } = await startBot({ until: afterAll })
/** Minutes since the beginning. */
let now = 0
/** In which minutes an organization was looked at. */
const looks = new Map<string, number[]>()
const lists = new Map<string, number[]>()
/** How many minutes it took until a webhook that did not work any more did again. */
const mended: number[] = []

const note = (all: Map<string, number[]>, name: string | undefined) => name && all.set(name, [...(all.get(name) ?? []), now])
const repositoryOf = (name: string) => quay.registry.repositories.find((one) => `${one.namespace}/${one.name}` === name)

/** Everything that a minute makes due, done. */
async function aMinutePasses() {
  await clock.advance(aMinute)
  now += 1
  await Promise.all([refreshDirectory(bot), reconcile(bot), goRounds(bot)])
  await vi.waitFor(async () => {
    const due = await bot.db.$count(namespacePasses, lte(namespacePasses.dueAt, new Date(bot.clock())))
    if (due + (await bot.db.$count(leases)) > 0) throw new Error('it is not done')
  }, soon)
  const asked = quay.exchanges.splice(0).filter(({ path }) => path.startsWith('/api/v1/'))
  for (const { path } of asked) {
    note(looks, /^\/api\/v1\/organization\/(org\d+)\/aggregatelogs/.exec(path)?.[1])
    note(lists, /^\/api\/v1\/repository\?.*\bnamespace=(org\d+)/.exec(path)?.[1])
  }
}

/** Two ways in which a webhook stops working, in the organization of that number. */
async function breaks(number: number) {
  const [deleted, failing] = [repositoryOf(`org${number}/service1`), repositoryOf(`org${number}/service2`)]
  const path = `${origin}/api/v1/repository/org${number}/service1/notification/${deleted?.notifications[0]?.uuid}`
  const { status } = await fetch(path, { method: 'DELETE', headers: { authorization: `Bearer ${quay.tokenOf('quayadmin')}` } })
  expect(status).toBe(204)
  for (const one of failing?.notifications ?? []) one.failures = 3
  quay.registry.pushTag(`org${number}/service2`, 'missed', 'quayadmin')
  const works = { deleted: () => deleted?.notifications.length === 1, failing: () => failing?.notifications[0]?.failures === 0 }
  return Object.values(works).map((isMended) => ({ isMended, since: now }))
}

beforeAll(async () => {
  fillRegistry(quay.registry, bot.clock(), origin, sized({ repositories: 1_500, logs: 1_500 }, {}, {}))
  fillWorkspace(slack.workspace)
  await passOverDirectory(bot)
  const at = new Date(bot.clock())
  const rows = quay.registry.repositories
    .filter(({ namespace }) => /^org\d+$/.test(namespace))
    .map(({ namespace, name, notifications: [one] }) => {
      const object = `${namespace}/${name}`
      return { object, notification: one?.uuid ?? '', event: 'repo_push', tokenHash: hashOf(tokenOf(object)), createdAt: at, checkedAt: at }
    })
  for (let from = 0; from < rows.length; from += 1_000) await bot.db.insert(hooks).values(rows.slice(from, from + 1_000))
  bot.config.QUAY_RATE = 4
  for (let number = 0; number < 500; number += 1)
    await ownSubscription({ bot }, channelIdOf(number), `${homeOf(number % ordinary)}/*`, ['pushes'], { owner: 'U0DORA' })
  await addMissing(bot)
  // The first look at each.
  await aMinutePasses()
  for (let passed = 0; passed < sized(4, 20, 20); passed += 1) await aMinutePasses()
  let broken: { isMended: () => boolean; since: number }[] = []
  for (let passed = 0; passed < minutes; passed += 1) {
    if (passed % 5 === 0 && passed < minutes - 20) broken.push(...(await breaks((passed * 7 + 3) % ordinary)))
    await aMinutePasses()
    for (const one of broken.filter(({ isMended }) => isMended())) mended.push(now - one.since)
    broken = broken.filter(({ isMended }) => !isMended())
  }
  expect(broken.map(({ since }) => since)).toEqual([])
}, 600_000)

const longestGap = (all: Map<string, number[]>) =>
  Math.max(...[...all.values()].flatMap((at) => [...at, now].map((one, index) => one - (at[index - 1] ?? one))))

test('a webhook that was deleted, or that Quay switched off, works again within fifteen minutes', () => {
  expect(mended.length).toBeGreaterThanOrEqual(sized(2, 4, 4))
  expect(Math.max(...mended)).toBeLessThanOrEqual(15)
})

test('every organization is looked at within fifteen minutes, and its list read within two hours', () => {
  expect(looks.size).toBe(ordinary)
  expect(longestGap(looks)).toBeLessThanOrEqual(15)
  expect(lists.size).toBe(ordinary)
  expect(longestGap(lists)).toBeLessThanOrEqual(120)
})
