import { afterAll, beforeAll, expect, test } from 'vitest'
import { backgroundLimit, countBackgroundCalls, openBackgroundShare } from '../../src/db/background-share.ts'
import { alone } from '../../src/db/lease.ts'
import { backgroundShare, leases } from '../../src/db/schema.ts'
import { openState } from './open-state.ts'
import { postgresOfRun } from './own-database.ts'

let server: Awaited<ReturnType<typeof postgresOfRun>>

beforeAll(async () => {
  server = await postgresOfRun()
})

afterAll(() => server.stop())

async function twoReplicas(rate: number) {
  const { bot, passes } = await openState({ database: { databaseUrl: await server.database() } })
  let stopped = false
  const open = () => openBackgroundShare({ db: bot.db, clock: bot.clock, rate, isStopped: () => stopped })
  const replicas = [open(), open()]
  let made = 0
  /** Each replica wants to make so many calls. */
  const want = (each: number) =>
    Promise.all(
      replicas.flatMap((mayCall) =>
        Array.from({ length: each }, async () => {
          await mayCall()
          made += 1
        }),
      ),
    )
  const stop = () => {
    stopped = true
  }
  return { bot, passes, want, made: () => made, stop }
}

test('two replicas want more than is left: together they get what is left, and the rest as time passes', async () => {
  const { bot, passes, want, made } = await twoReplicas(1_000)
  await bot.db.insert(backgroundShare).values({ name: 'calls', calls: 30, at: new Date(bot.clock()) })
  const all = want(100)
  await expect.poll(made).toBe(30)
  expect((await bot.db.select().from(backgroundShare))[0]?.calls).toBe(0)
  // 240 calls a second.
  passes(500)
  await expect.poll(made).toBe(150)
  passes(60_000)
  await all
  expect(await countBackgroundCalls(bot.db, bot.clock())).toBe(200)
  passes(80 * 60_000)
  expect(await countBackgroundCalls(bot.db, bot.clock())).toBe(0)
})

test('after a quiet hour no more is saved up than keeps the next one within a quarter of the rate', async () => {
  const { bot, passes, want } = await twoReplicas(4)
  await bot.db.insert(backgroundShare).values({ name: 'calls', calls: 0, at: new Date(bot.clock()) })
  passes(24 * 3_600_000)
  await want(4)
  const [saved] = await bot.db.select().from(backgroundShare)
  expect(backgroundLimit(4)).toBe(3_600)
  expect((saved?.calls ?? 0) + 4 * 0.24 * 3_600).toBeLessThanOrEqual(3_600)
})

test('a process that stops lets nothing wait for its turn', async () => {
  const { bot, want, made, stop } = await twoReplicas(1_000)
  await bot.db.insert(backgroundShare).values({ name: 'calls', calls: 0, at: new Date(bot.clock()) })
  const all = want(5)
  stop()
  await all
  expect(made()).toBe(10)
})

test('work that one process does is not begun by another, and whoever was taken over is told', async () => {
  const { bot } = await twoReplicas(4)
  const ended = Promise.withResolvers<void>()
  const first = alone(bot, 'passes', async (signal) => {
    await ended.promise
    return signal.aborted ? 'taken over' : 'done'
  })
  await expect.poll(() => bot.db.$count(leases)).toBe(1)
  expect(await alone(bot, 'passes', async () => 'twice')).toBeUndefined()
  expect(await alone(bot, 'digests', async () => 'something else')).toBe('something else')
  ended.resolve()
  expect(await first).toBe('done')
  expect(await bot.db.$count(leases)).toBe(0)
})

test('an error in the work ends the lease', async () => {
  const { bot } = await twoReplicas(4)
  await expect(alone(bot, 'passes', () => Promise.reject(new Error('Quay is away')))).rejects.toThrow('Quay is away')
  expect(await alone(bot, 'passes', async () => 'next')).toBe('next')
})
