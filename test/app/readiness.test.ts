import { expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'

async function readiness(origin: string) {
  const response = await fetch(`${origin}/readyz`)
  return { status: response.status, body: await response.json() }
}

const well = { status: 200, body: { ok: true, slack: true, database: true, quay: true, token: true } }

test('readiness waits for no other call: the queue is as long as before when it answers, and the answer is true', async () => {
  const { origin, bot, quay, clock } = await startBot({ environment: { QUAY_RATE: '4' } })
  const classes = ['interactive', 'job', 'follow', 'background'] as const
  const waiting = classes.flatMap((name) => Array.from({ length: 200 }, () => bot.quay.rateLimiter.turn({ class: name }, 300_000)))
  const long = () => Object.values(bot.quay.rateLimiter.standing().waiting).every((count) => count > 100)
  await clock.advance(31_000)
  expect(await readiness(origin)).toEqual(well)
  expect(long()).toBe(true)
  quay.faults({ status: 502 })
  await clock.advance(31_000)
  expect(await readiness(origin)).toMatchObject({ status: 200, body: { ok: true, quay: false, degraded: ['quay-away'] } })
  expect(long()).toBe(true)
  quay.faults(undefined)
  const ours = quay.registry.tokens.filter(({ account }) => account === 'quaymaster')
  for (const { token } of ours) quay.revoke(token)
  await clock.advance(31_000)
  expect(await readiness(origin)).toMatchObject({ status: 503, body: { ok: false, token: false } })
  expect(long()).toBe(true)
  bot.quay.rateLimiter.share(100_000)
  await Promise.all(waiting)
})

test('Quay hangs: readiness answers before Quay does, by what real calls were answered', async () => {
  const { origin, quay, bot, clock } = await startBot()
  await readiness(origin)
  quay.faults({ latencyMs: 5_000 })
  await clock.advance(31_000)
  const before = quay.exchanges.length
  // A call was answered just now.
  bot.quay.answered.at = performance.now()
  expect(await readiness(origin)).toEqual(well)
  // The last answer was long ago.
  bot.quay.answered.at = Number.NEGATIVE_INFINITY
  await clock.advance(31_000)
  expect(await readiness(origin)).toMatchObject({ status: 200, body: { ok: true, quay: false, degraded: ['quay-away'] } })
  expect(quay.exchanges.slice(before).filter(({ path }) => path.startsWith('/api/v1/superuser/users/'))).toEqual([])
})
