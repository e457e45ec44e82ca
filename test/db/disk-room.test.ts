import { PGlite } from '@electric-sql/pglite'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { startPglite } from '../../src/db/pglite.ts'
import { openMemory, template } from '../../src/sandbox/start/memory-database.ts'
import { sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'

const silent = pino({ level: 'silent' })
const write = sql`insert into links (team, slack_id, account) values ('T', 'U', 'alice') on conflict do nothing`

test('the disk of the embedded database fills up: nothing is written, what is there is read, and it goes on when there is space', async () => {
  let room = true
  const database = await startPglite(await PGlite.create({ loadDataDir: new Blob([await template()]) }), silent, {
    hasRoom: () => room,
    isCurrent: true,
  })
  onTestFinished(() => database.close())
  await database.db.execute(write)
  expect(await database.trouble()).toBeUndefined()
  room = false
  await expect.poll(() => database.trouble()).toBe('full')
  const full = { code: 'unavailable', message: 'The disk of Quaymaster’s database is full. An operator must free space.' }
  await expect(database.db.execute(write)).rejects.toMatchObject(full)
  await expect(database.db.transaction((tx) => tx.execute(write))).rejects.toMatchObject(full)
  expect((await database.db.execute(sql`select account from links`)).rows).toEqual([{ account: 'alice' }])
  room = true
  await expect.poll(() => database.trouble()).toBeUndefined()
  await database.db.execute(write)
})

const troubles = [
  ['full', 'disk-full'],
  ['read-only', 'disk-read-only'],
  ['away', 'database-away'],
] as const

test.each(sampled(troubles, 3))('/readyz names what is wrong with the database: %s', async (trouble, named) => {
  const memory = async (...given: Parameters<typeof openMemory>) => ({ ...(await openMemory(...given)), trouble: async () => trouble })
  const { origin } = await startBot({ database: { memory } })
  const response = await fetch(`${origin}/readyz`)
  expect([response.status, await response.json()]).toMatchObject([503, { ok: false, database: false, trouble: named }])
})
