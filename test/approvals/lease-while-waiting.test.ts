import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { fenced } from '../../src/approvals/lease.ts'
import { requests } from '../../src/db/schema.ts'
import { openRateLimiter } from '../../src/quay/budget.ts'
import { startRequests } from './start-requests.ts'

test('a run keeps its lease for as long as its next call waits for its turn', async () => {
  const { alice, bot, asks, row } = await startRequests()
  await asks(alice, 'globex/web')
  const leaseUntil = sql`now() + interval '15 seconds'` as unknown as Date // an SQL expression for the column
  await bot.db.update(requests).set({ state: 'running', leaseUntil })
  const held = await row()
  const rateLimiter = openRateLimiter(0.01)
  await rateLimiter.turn({ class: 'job' }, 1000)
  const turn = fenced(bot, { ...bot.quay, rateLimiter }, held).rateLimiter.turn({ class: 'job' }, 300_000)
  await expect.poll(async () => (await row()).leaseUntil?.getTime(), { timeout: 20_000 }).toBeGreaterThan(held.leaseUntil?.getTime() ?? 0)
  expect(rateLimiter.standing().waiting.job).toBe(1)

  rateLimiter.share(100_000)
  await turn
}, 60_000)
