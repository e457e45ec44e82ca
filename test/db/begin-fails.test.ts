import { expect, onTestFinished, test } from 'vitest'
import { startBot } from '../start-bot.ts'
import { startFaultyPostgres } from './faulty-postgres.ts'

test('the database goes again and again as a transaction begins: no connection is lost, and the bot goes on and stops', async () => {
  const database = await startFaultyPostgres()
  const { alice, bot } = await startBot({ database, until: (stop) => onTestFinished(stop) })
  onTestFinished(() => database.stop())
  await database.fails('at begin')
  // More often than the pool has connections.
  for (let time = 0; time < 12; time += 1) await expect(bot.db.transaction(async () => 'begun')).rejects.toThrow()
  await database.recovers()
  expect((await alice.types('/quay repo create acme/after')).text).toContain('Created')
  expect(await bot.db.transaction(async () => 'begun')).toBe('begun')
}, 90_000)
