import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { audit, listAudit } from '../../src/audit.ts'
import { credential } from '../../src/credential.ts'
import { markOpened, reveal, seal } from '../../src/credentials.ts'
import { openDatabase } from '../../src/db/open.ts'
import { alice, openState } from '../state/open-state.ts'

const canary = 'canary-8d1f-never-in-clear'
const credentials = z.object({ password: credential() }).parse({ password: canary })
const silent = pino({ level: 'silent' })

async function temporary() {
  const directory = await mkdtemp(join(tmpdir(), 'quaymaster-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

test('what was written is there after a restart, but for credentials; what was half-made is not; nobody else may read it', async () => {
  const dataDir = join(await temporary(), 'not', 'there', 'yet')
  await mkdir(join(dataDir, 'pglite.new', 'base'), { recursive: true, mode: 0o755 })
  const first = await openState({ dataDir })
  await audit(first.bot, first.bot.db, { reference: 'visible-8d1f', phase: 'started', person: alice, operation: 'repo create', input: {} })
  const id = await seal(first.bot, first.bot.db, { person: alice, what: { message: 'Password', values: {} }, credentials })
  await first.bot.close()

  const { bot, log } = await openState({ dataDir })
  expect((await listAudit(bot)).entries).toMatchObject([{ reference: 'visible-8d1f', person: alice.id }])
  expect((await reveal(bot, id, alice)).credentials.password?.reveal()).toBe(canary)
  await markOpened(bot, id, alice)
  await bot.db.execute(sql`checkpoint`)

  // The write-ahead log too.
  expect(await searchedFor(dataDir, ['visible-8d1f', canary, Buffer.from(canary).toString('base64').slice(2, -4)])).toEqual([
    true,
    false,
    false,
  ])
  expect(`${first.log()}${log()}`).not.toContain(canary)
  expect((await readdir(dataDir)).filter((name) => name.startsWith('pglite'))).toEqual(['pglite'])
  for (const directory of [dataDir, join(dataDir, 'pglite')]) expect((await stat(directory)).mode & 0o777).toBe(0o700)
})

test('a damaged directory and one that cannot be made are sentences, and the lock is given back', async () => {
  const dataDir = await temporary()
  await mkdir(join(dataDir, 'pglite'))
  await writeFile(join(dataDir, 'pglite', 'PG_VERSION'), '9.6\n')
  for (const _ of ['first', 'again']) {
    await expect(openDatabase({ dataDir }, silent)).rejects.toMatchObject({
      code: 'conflict',
      sentence: { message: expect.stringContaining('cannot be opened'), values: { directory: dataDir } },
    })
  }
  await expect(openDatabase({ dataDir: join(dataDir, 'lock.db', 'data') }, silent)).rejects.toMatchObject({
    code: 'conflict',
    sentence: { message: expect.stringContaining('cannot be made') },
  })
})

async function searchedFor(directory: string, texts: string[]) {
  const files = (await readdir(directory, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  const contents = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name))))
  return texts.map((text) => contents.some((content) => content.includes(text)))
}
