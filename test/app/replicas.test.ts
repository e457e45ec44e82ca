import { sql } from 'drizzle-orm'
import { expect, onTestFinished, test, vi } from 'vitest'
import { shareBudget } from '../../src/app/replicas.ts'
import { replicas } from '../../src/db/schema.ts'
import { openRateLimiter } from '../../src/quay/budget.ts'
import { openState } from '../db/open-state.ts'

test('replicas share one budget: each that comes and goes changes the part of all, and one that died counts no longer', async () => {
  const { bot } = await openState()
  const join = async () => {
    const rateLimiter = openRateLimiter(4)
    return { rateLimiter, leave: await shareBudget({ db: bot.db, rateLimiter, log: bot.log }) }
  }
  const rate = ({ rateLimiter }: Awaited<ReturnType<typeof join>>) => rateLimiter.standing().rate
  const first = await join()
  expect(rate(first)).toBe(4)
  const second = await join()
  expect(rate(second)).toBe(2)
  const third = await join()
  expect(rate(third)).toBeCloseTo(4 / 3)
  // Every few seconds each looks again.
  await expect.poll(() => rate(first), { timeout: 20_000 }).toBeCloseTo(4 / 3)
  await third.leave()
  await second.leave()
  await bot.db.insert(replicas).values({ id: 'dead', seenAt: sql`now() - interval '1 minute'` as unknown as Date }) // an SQL expression
  await expect.poll(() => rate(first), { timeout: 20_000 }).toBe(4)
  expect((await bot.db.select().from(replicas)).map(({ id }) => id)).not.toContain('dead')
  await first.leave()
}, 60_000)

test('the database is away: the part stays as it was', async () => {
  const { bot } = await openState()
  const rateLimiter = openRateLimiter(4)
  rateLimiter.share(1 / 2)
  const away = { execute: () => Promise.reject(new Error('away')), delete: () => ({ where: () => Promise.reject(new Error('away')) }) }
  const leave = await shareBudget({ db: away as unknown as typeof bot.db, rateLimiter, log: bot.log }) // all that it uses
  expect(rateLimiter.standing().rate).toBe(2)
  await leave()
})

test('one that leaves while it renews its row leaves no row behind', async () => {
  const { bot } = await openState()
  const held = Promise.withResolvers<void>()
  const renewals: Promise<unknown>[] = []
  const execute = (query: Parameters<typeof bot.db.execute>[0]) => {
    // Drizzle's own would run once more each time it is awaited.
    const renewal = (renewals.length === 0 ? Promise.resolve() : held.promise).then(() => bot.db.execute(query))
    renewals.push(renewal)
    return renewal
  }
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const slow = { execute, delete: bot.db.delete.bind(bot.db) }
  const leave = await shareBudget({ db: slow as unknown as typeof bot.db, rateLimiter: openRateLimiter(4), log: bot.log }) // all that it uses
  vi.advanceTimersByTime(5_000)
  expect(renewals).toHaveLength(2)
  const left = leave()
  held.resolve()
  await left
  await Promise.all(renewals)
  expect(await bot.db.select().from(replicas)).toEqual([])
})
