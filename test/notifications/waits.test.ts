import { expect, test } from 'vitest'
import { aMinute, anHour } from '../../src/core/durations.ts'
import { startBot } from '../start-bot.ts'

test('a build that waits for hours is told once, in the thread of its card, to who started it', async () => {
  const { bea } = await startBot()
  await bea.types('/quay build start acme/api archive_url=https://downloads.example.com/no-builder.tgz', 'acme-dev')
  const waits = async () =>
    (await bea.sees('acme-dev')).filter(({ text }) => text.includes('This build has been waiting for more than two hours'))
  await expect
    .poll(async () => (await bea.sees('acme-dev')).filter(({ text }) => / is waiting|queued|waits/.test(text)).length)
    .toBeGreaterThan(0)
  await bea.post('clock', { advance_ms: anHour })
  await bea.post('clock', { advance_ms: aMinute })
  expect(await waits()).toEqual([])
  await bea.post('clock', { advance_ms: anHour })
  await expect.poll(waits).toHaveLength(1)
  const [told] = await waits()
  expect(told?.text).toContain('<@U0BEA>')
  expect(told?.thread_ts).not.toBe(told?.ts)
  for (let minutes = 0; minutes < 3; minutes += 1) await bea.post('clock', { advance_ms: 2 * aMinute })
  expect(await waits()).toHaveLength(1)
})
