import { expect, test } from 'vitest'
import { aMinute } from '../../src/core/durations.ts'
import { events } from '../../src/db/schema.ts'
import { startBot } from '../start-bot.ts'
import { startBuild } from './builds.ts'
import { ownHook } from './hooks.ts'

const devs = 'acme-dev'
const drawn = (message: object) => JSON.stringify(message)

test('a subscription shows its last events: what came when, its message and how long that took, and why one is missing', async () => {
  const { alice, bea, bot, quay, origin } = await startBot()
  await bea.types('/quay subscribe acme/api events=builds,pushes', devs)
  const { settles } = await startBuild({ bea, quay, origin })
  await settles(/succeeded/)
  expect(drawn(await bea.types('/quay subscription show acme/api', devs))).toMatch(
    /Build [\w ]+, acme\/api, [^•]*message after \d+ seconds?/,
  )

  const pushed = async (tag: string) => {
    const { send } = await ownHook({ bot, origin }, 'acme/api', 'repo_push')
    const before = await bot.db.$count(events)
    await send({ updated_tags: [tag], repository: 'acme/api', name: 'api', namespace: 'acme' })
    await expect.poll(() => bot.db.$count(events)).toBeGreaterThan(before)
    await expect.poll(async () => (await bot.db.select().from(events)).every(({ fannedAt }) => fannedAt !== null)).toBe(true)
  }
  await bea.types('/quay subscribe acme/api events=builds,pushes tags=rc*', devs)
  await pushed('v1.1')
  expect(drawn(await bea.types('/quay subscription show acme/api', devs))).toMatch(/Push, acme\/api, left out by the filters/)
  await bea.types('/quay subscription mute acme/api 1h', devs)
  await bea.post('clock', { advance_ms: aMinute })
  await pushed('v1.1')
  expect(drawn(await bea.types('/quay subscription show acme/api', devs))).toMatch(/Push, acme\/api, left out: the subscription was muted/)

  // Who may not subscribe does not read what happens in it.
  expect(drawn(await alice.types('/quay subscription show acme/api', devs))).toContain('You need to be an *admin* of acme/api')
  expect((await bea.types('/quay subscription show acme/base', devs)).text).toContain('has no subscription to acme/base')
})

test('while Quay is away the ledger fails closed, and says so', async () => {
  const { bea, bot, quay } = await startBot()
  await bea.types('/quay subscribe acme/api', devs)
  expect(drawn(await bea.types('/quay subscription show acme/api', devs))).toContain('This subscription has no events yet')
  quay.faults({ status: 503 })
  bot.cache.clear()
  expect((await bea.types('/quay subscription show acme/api', devs)).text).toContain('Quay')
})
