import { afterAll, beforeEach, expect, test } from 'vitest'
import { sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'

const { bea, clock, dora, quay } = await startBot({ until: afterAll })
const day = 24 * 3_600_000

/** `2026-11-23`, so many days ago. */
const ago = (days: number) => new Date(clock.now() - days * day).toISOString().slice(0, 10)

const words = ['/quay logs totals', '/quay logs totals namespace acme', '/quay logs totals repo acme/api']

beforeEach(() => {
  quay.registry.logsIn = 'database'
})

test.for(sampled(words, 3))('%s: over more than Quay takes at once, every day is counted, and once', async (command) => {
  const entry = quay.registry.logs.find(({ repository }) => repository === 'acme/api')
  // Around every place where two calls may meet.
  for (let days = 2; days <= 200; days += 1)
    quay.registry.logs.push({ ...structuredClone(entry!), kind: 'revert_tag', at: clock.now() - days * day }) // it is seeded
  const before = quay.exchanges.length

  const reply = await dora.types(`${command} from=${ago(200)} to=${ago(2)}`, 'dora')
  const open = await dora.types(`${command} from=${ago(200)}`, 'dora')
  quay.registry.logs = quay.registry.logs.filter(({ kind }) => kind !== 'revert_tag')

  expect(JSON.stringify(reply.blocks)).toMatch(/• Tag restored – 199\b/)
  expect(JSON.stringify(open.blocks)).toMatch(/• Tag restored – 199\b/)
  const spans = quay.exchanges.slice(before).filter(({ path }) => path.includes('aggregatelogs'))
  expect(spans.every(({ status }) => status === 200)).toBe(true)
  expect(spans).toHaveLength(14)
})

test.for(sampled(words, 3, 1))(
  '%s: without days as Quay counts by itself, and the wrong way round or for years refused before Quay is asked',
  async (command) => {
    expect((await dora.types(command, 'dora')).text).toMatch(/^Usage of |^No usage log entries/)
    const before = quay.exchanges.length
    expect((await dora.types(`${command} from=${ago(1)} to=${ago(3)}`, 'dora')).text).toBe('The first day must not be after the last day.')
    expect((await dora.types(`${command} to=${ago(300)}`, 'dora')).text).toBe('The first day must not be after the last day.')
    expect((await dora.types(`${command} from=2019-01-01`, 'dora')).text).toBe('The period is too long: 366 days at most.')
    expect(quay.exchanges.slice(before).filter(({ path }) => path.includes('aggregatelogs'))).toEqual([])
  },
)

test.for(sampled(['splunk', 'splunk without search'] as const, 2))(
  'logs in %s: no log is called empty that Quay cannot read',
  async (place) => {
    quay.registry.logsIn = place
    for (const command of sampled([...words, '/quay logs', '/quay logs namespace acme', '/quay logs repo acme/api'], 4, 1))
      expect((await dora.types(command, 'dora')).text, command).toContain(
        'Quay sends its usage logs to another system and can’t read them here. Look for them in that system.',
      )
    await bea.types(`/quay logs export namespace acme ${ago(3)} ${ago(1)}`)
    await expect
      .poll(async () => JSON.stringify(await bea.sees('bea')), { timeout: 30_000 })
      .toMatch(/failed\. Quay sends its usage logs to another system/)
  },
)
