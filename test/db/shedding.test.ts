import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'
import { openState } from './open-state.ts'
import { postgresOfRun } from './own-database.ts'

let server: Awaited<ReturnType<typeof postgresOfRun>>

beforeAll(async () => {
  server = await postgresOfRun()
})

afterAll(() => server.stop())

/** Holds every connection of the pool until it is let go. */
async function holdAll(db: Awaited<ReturnType<typeof openState>>['bot']['db'], connections: number) {
  const ended = Promise.withResolvers<void>()
  const begun = Array.from({ length: connections }, () => Promise.withResolvers<void>())
  const held = begun.map(({ resolve }) =>
    db.transaction(async (tx) => {
      await tx.execute(sql`select 1`)
      resolve()
      await ended.promise
    }),
  )
  await Promise.all(begun.map(({ promise }) => promise))
  return async () => {
    ended.resolve()
    await Promise.all(held)
  }
}

test('more work than two connections can do: so many statements wait, the next is refused at once with a sentence, and nothing is lost of those that waited', async () => {
  const { bot } = await openState({ database: { databaseUrl: await server.database(), pool: 2 } })
  const letGo = await holdAll(bot.db, 2)
  const waiting = Array.from({ length: 40 }, async () => bot.db.execute(sql`select 1 as one`))
  await expect.poll(() => bot.pool?.()).toEqual({ open: 2, working: 2, waiting: 40 })
  await expect(bot.db.execute(sql`select 1`)).rejects.toMatchObject({
    code: 'unavailable',
    sentence: { message: 'Quaymaster is overloaded right now.' },
    passes: true,
  })
  await letGo()
  expect(await Promise.all(waiting)).toHaveLength(40)
  expect(await bot.db.execute(sql`select 1 as one`)).toMatchObject({ rows: [{ one: 1 }] })
})

test('alice types a command while every connection is taken: she hears that there is too much to do, not of a bug, and can run it later', async () => {
  const { alice, bot, log } = await startBot({ database: { databaseUrl: await server.database(), pool: 1 } })
  const letGo = await holdAll(bot.db, 1)
  const { text } = await alice.types('/quay request list')
  await letGo()
  expect(text).toContain('Quaymaster is overloaded right now.')
  expect(log()).not.toMatch(/"level":50.*"outcome":"bug"/)
  expect((await alice.types('/quay request list')).text).not.toContain('too much')
})

test('the metrics show how many connections work and how many statements wait', async () => {
  const { bot, origin } = await startBot({ database: { databaseUrl: await server.database(), pool: 3 } })
  const letGo = await holdAll(bot.db, 2)
  const metrics = await fetch(`${origin}/metrics`).then((response) => response.text())
  await letGo()
  expect(metrics).toMatch(/quaymaster_database_connections\{state="working"\} [23]\n/)
  expect(metrics).toMatch(/quaymaster_database_connections\{state="waiting"\} \d+\n/)
  expect(metrics).toMatch(/quaymaster_background_calls_per_hour\{kind="limit"\} 900000\n/)
  expect(metrics).toContain('quaymaster_oldest_pass_seconds 0')
})
