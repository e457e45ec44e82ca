import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { credential } from '../../src/core/credential.ts'
import { openDatabase } from '../../src/db/open.ts'
import { audit, listAudit } from '../../src/security/audit-log.ts'
import { markOpened, reveal, seal } from '../../src/security/secrets.ts'
import { isCi, sized } from '../sized.ts'
import { killLife, lookAt, startLife, whileInitialising, whileStarting, whileWorking } from './lives.ts'
import { alice, openState } from './open-state.ts'

const times = sized(
  { initialising: 0, starting: 0, working: 1 },
  { initialising: 3, starting: 9, working: 8 },
  { initialising: 30, starting: 90, working: 80 },
)
const canary = 'canary-8d1f-never-in-clear'
const credentials = z.object({ password: credential() }).parse({ password: canary })
const silent = pino({ level: 'silent' })

// One directory lives through the whole file, as a bot's does: making one takes seconds.
let dataDir: string

beforeAll(async () => {
  dataDir = join(await temporary(afterAll), 'not', 'there', 'yet')
})

let looked: ReturnType<typeof lookAt> | undefined

/** What is found at the start; with `npm test` nothing has been killed before, and one start is enough. */
function firstLook() {
  if (isCi) return lookAt(dataDir, [])
  looked ??= lookAt(dataDir, [])
  return looked
}

async function temporary(whenOver: (work: () => Promise<void>) => void = onTestFinished) {
  const directory = await mkdtemp(join(tmpdir(), 'quaymaster-'))
  whenOver(() => rm(directory, { recursive: true, force: true }))
  return directory
}

test(`killed ${times.initialising} times while it first starts, it starts, and nothing half-made stays`, {
  timeout: 1_800_000,
}, async () => {
  for (let time = 1; time <= times.initialising; time += 1) {
    const committed: string[] = []
    await killLife(dataDir, committed, whileInitialising)
    if (committed.length > 0) await rm(dataDir, { recursive: true }) // it was quicker: the next starts from nothing again
  }
  await firstLook()
  expect((await readdir(dataDir)).filter((name) => name.startsWith('pglite'))).toEqual(['pglite'])
})

test(`killed ${times.starting} times while it starts and ${times.working} times while it works, it loses nothing`, {
  timeout: 1_800_000,
}, async () => {
  const committed: string[] = []
  const { id } = await firstLook()
  for (let time = 0; time < times.starting; time += 1) await killLife(dataDir, committed, whileStarting)
  for (let time = 0; time < times.working; time += 1) await killLife(dataDir, committed, whileWorking)
  expect((await lookAt(dataDir, committed)).id).toBe(id)
  expect(committed.length).toBeGreaterThanOrEqual(times.working)
})

test('two processes on one DATA_DIR: the second ends with a sentence, the first goes on', async () => {
  const first = startLife(dataDir)
  onTestFinished(async () => {
    first.kill()
    await first.over
  })
  await first.working()
  const second = startLife(dataDir)
  expect(await second.over).toBe(1)
  const sentence = 'Another Quaymaster is running on {directory}. Stop it first, or set DATA_DIR to a directory of its own.'
  expect(second.said).toMatchObject({ errors: '', failure: { message: sentence } })
  const before = first.said.wrote.length
  await expect.poll(() => first.said.wrote.length).toBeGreaterThan(before)
})

test('killed between making PostgreSQL’s own lock and writing it, it starts', async () => {
  const before = await lookAt(dataDir, [])
  await writeFile(join(dataDir, 'pglite', 'postmaster.pid'), '')
  expect((await lookAt(dataDir, before.rows)).id).toBe(before.id)
})

test('what was written is there after a restart, but for credentials; what was half-made is not; nobody else may read it', async () => {
  await mkdir(join(dataDir, 'pglite.new', 'base'), { recursive: true, mode: 0o755 })
  const first = await openState({ database: { dataDir } })
  await audit(first.bot, first.bot.db, { reference: 'visible-8d1f', phase: 'started', person: alice, operation: 'repo create', input: {} })
  const id = await seal(first.bot, first.bot.db, { person: alice, what: { message: 'Password', values: {} }, credentials })
  await first.bot.close()

  const { bot, log } = await openState({ database: { dataDir } })
  const { entries } = await listAudit(bot, { filters: { reference: 'visible-8d1f' } })
  expect(entries).toMatchObject([{ person: alice.id }])
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
  const damaged = await temporary()
  await mkdir(join(damaged, 'pglite'))
  await writeFile(join(damaged, 'pglite', 'PG_VERSION'), '9.6\n')
  for (const _ of ['first', 'again']) {
    await expect(openDatabase({ dataDir: damaged }, silent)).rejects.toMatchObject({
      code: 'conflict',
      sentence: { message: expect.stringContaining('cannot be opened'), values: { directory: damaged } },
    })
  }
  await expect(openDatabase({ dataDir: join(damaged, 'lock.db', 'data') }, silent)).rejects.toMatchObject({
    code: 'conflict',
    sentence: { message: expect.stringContaining('cannot be made') },
  })
})

async function searchedFor(directory: string, texts: string[]) {
  const files = (await readdir(directory, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  const contents = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name))))
  return texts.map((text) => contents.some((content) => content.includes(text)))
}
