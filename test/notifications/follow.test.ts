import { expect, test } from 'vitest'
import { followBuild } from '../../src/notifications/builds/poll.ts'
import { sized } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { startInQuay } from './builds.ts'

const hour = 3_600_000
const step = sized(2 * hour, 600_000, 60_000)

test('a build of six hours that no webhook tells of is followed to its end, with one list call each time', async () => {
  const { bot, bea, quay, origin, clock } = await startBot()
  const { id } = await startInQuay({ quay, origin })
  await followBuild(bot, { repository: 'acme/api', build: id, channel: 'C0ACMEDEV', starter: { id: 'U0BEA', name: 'bea' } })
  const build = quay.registry.repositories.flatMap(({ builds }) => builds).find(({ uuid }) => uuid === id)
  if (!build) throw new Error('no build')
  Object.assign(build, { phase: 'building', phaseSince: clock.now() + 6 * hour })
  const card = async () => (await bea.sees('acme-dev')).find(({ ephemeral }) => !ephemeral)
  await expect.poll(async () => (await card())?.text, { timeout: 30_000 }).toMatch(/> running\./)

  for (let passed = 0; passed + step < 6 * hour; passed += step) {
    const before = quay.exchanges.length
    await bea.post('clock', { advance_ms: step })
    const looks = () => quay.exchanges.slice(before).filter(({ path }) => path.startsWith('/api/v1/repository/acme/api/build/?')).length
    await expect.poll(looks, { timeout: 20_000, interval: 10 }).toBeGreaterThan(0)
  }

  await bea.post('clock', { advance_ms: step + 60_000 })
  await expect.poll(async () => (await card())?.text, { timeout: 30_000 }).toMatch(/succeeded/)
  expect(quay.exchanges.filter(({ path }) => path.includes(`/build/${id}`) && !path.includes('/logs'))).toEqual([])
  expect(quay.registry.repositories.flatMap(({ notifications }) => notifications)).toEqual([])
})

test('builds that are started one after the other have their cards at once, though Quay is not asked again for each', async () => {
  const { bea, slack } = await startBot()
  for (const name of ['a', 'b', 'c']) await bea.types(`/quay build start acme/api https://downloads.example.com/${name}.zip`, 'acme-dev')
  const cards = async () => (await bea.sees('acme-dev')).filter(({ ephemeral }) => !ephemeral)
  await expect.poll(async () => (await cards()).length, { timeout: 30_000 }).toBe(3)
  expect(slack.traffic.filter(({ error }) => error)).toEqual([])
})
