import { expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'

test('Quay takes one call a second: who asks for more hears how long it will be, and then gets the answer', async () => {
  const { alice, bot } = await startBot({ environment: { QUAY_RATE: '1' } })
  await alice.sends('/quay repo show acme/api')
  await alice.sends('/quay repo list acme')
  await expect
    .poll(async () => (await alice.sees()).map(({ text }) => text).join('\n'), { timeout: 30_000 })
    .toMatch(/Rate limit: Quay accepts a limited number of calls per second\. Wait about \d+ seconds\./)
  expect(bot.quay.rateLimiter.waiting('U0ALICE').seconds).toBeGreaterThan(0)
  await expect.poll(async () => (await alice.sees()).map(({ text }) => text).join('\n'), { timeout: 50_000 }).toMatch(/Repository/)
}, 90_000)

test('at five calls a second Quay hears no more than that, and nobody who asks again and again goes before who asks once', async () => {
  const { alice, bea, quay } = await startBot({ environment: { QUAY_RATE: '5' } })
  await bea.types('/quay whoami')
  await alice.types('/quay whoami')
  const from = quay.exchanges.length
  for (let asked = 0; asked < 6; asked++) await alice.sends(`/quay repo show acme/api-${asked}`)
  await bea.types('/quay repo show acme/api')
  const times = quay.exchanges.slice(from).map(({ at }) => at)
  for (const at of times) expect(times.filter((one) => one >= at && one < at + 2_900).length).toBeLessThanOrEqual(15)
  expect((await alice.sees()).filter(({ text }) => text.startsWith('You need')).length).toBeLessThan(6)
}, 90_000)
