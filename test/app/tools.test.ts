import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { openControl } from '../../src/app/control.ts'
import { answerBackup, backup } from '../../src/app/tools/backup.ts'
import { answerExport, exportTool } from '../../src/app/tools/export-audit.ts'
import { moveData } from '../../src/app/tools/move-data.ts'
import { rotate } from '../../src/app/tools/rotate-keys.ts'
import { decide } from '../../src/approvals/decide.ts'
import type { Environment } from '../../src/core/config.ts'
import { secretsKey } from '../../src/core/keys.ts'
import type { Db } from '../../src/db/database.ts'
import { moveRows } from '../../src/db/move.ts'
import { openDatabase } from '../../src/db/open.ts'
import { requests, audit as table } from '../../src/db/schema.ts'
import { audit } from '../../src/security/audit-log.ts'
import { removeOldAudit } from '../../src/security/audit-stubs.ts'
import { makeDirectory } from '../db/made-directory.ts'
import { alice as typist } from '../db/open-state.ts'
import { postgresOfRun } from '../db/own-database.ts'
import { isCi, sized } from '../sized.ts'
import { copied, expectWhole, inventory, makeFullDatabase, newer, older, ring, startOn } from './full-database.ts'

// As in sandbox/start/memory-database.ts: optimizing PGlite takes longer than it saves.
setFlagsFromString('--wasm-tiering-budget=200000000')

const silent = pino({ level: 'silent' })
let server: Awaited<ReturnType<typeof postgresOfRun>>
let full: Promise<string> | undefined

beforeAll(async () => {
  server = await postgresOfRun()
}, 240_000)

afterAll(async () => {
  await server.stop()
  if (full) await rm(await full, { recursive: true, force: true })
})

async function ofOurOwn() {
  full ??= makeFullDatabase()
  return copied(await full, onTestFinished)
}

async function folder() {
  const made = await mkdtemp(join(tmpdir(), 'quaymaster-tools-'))
  onTestFinished(() => rm(made, { recursive: true, force: true }))
  return made
}

/** Opened, looked at, closed. */
async function within<Result>(where: { dataDir: string } | { databaseUrl: string; moving?: boolean }, work: (db: Db) => Promise<Result>) {
  const { db, close } = await openDatabase(where, silent)
  // Not `finally` of what is returned: a count of Drizzle's does not wait for it.
  try {
    return await work(db)
  } finally {
    await close()
  }
}

describe('move-data', { timeout: 180_000 }, () => {
  test('moves everything to PostgreSQL, where the bot goes on: what waited is approved, and runs', async () => {
    const dataDir = await ofOurOwn()
    const databaseUrl = await server.database()
    const before = await within({ dataDir }, inventory)
    const said = await moveData({ DATA_DIR: dataDir, DATABASE_URL: databaseUrl, SECRETS_KEY: ring })
    expect(said).toMatch(/^The audit log is intact on both sides: \d+ entries signed, \d+ not yet\.$/m)
    expect(said).toMatch(/^requests: \d+$/m)
    await within({ databaseUrl }, async (db) => {
      expect(await inventory(db)).toEqual(before)
      await expectWhole(db, ring)
    })

    const { alice, bea, bot, repository } = await startOn({ databaseUrl })
    const rows = await bot.db.select().from(table)
    await bea.types('/quay whoami')
    expect(Math.max(...(await bot.db.select().from(table)).map(({ id }) => id))).toBeGreaterThan(Math.max(...rows.map(({ id }) => id)))
    expect((await alice.types('/quay request list')).text).toContain('copy-unknown')
    const [request] = (await bot.db.select().from(requests)).filter(
      ({ state, input }) => state === 'pending' && input.repository === 'acme/waiting',
    )
    if (!request) throw new Error('there is no request')
    const { id, revision } = request
    await decide(bot, { id, revision, decision: 'approved', user: 'U0DORA', reference: 'moved' })
    await expect.poll(() => repository('acme/waiting'), { timeout: 60_000 }).toBeDefined()
  })

  test('interrupted anywhere, it goes on where it was; until it has finished no bot starts on the half', async () => {
    const dataDir = await ofOurOwn()
    const databaseUrl = await server.database()
    const before = await within({ dataDir }, inventory)
    for (const statements of sized([90], [60, 90, 130], [60, 90, 130])) {
      await within({ dataDir }, (source) =>
        within({ databaseUrl, moving: true }, async (target) => {
          const id =
            (await source.execute<{ id: string }>(sql`select system_identifier::text as id from pg_control_system()`)).rows[0]?.id ?? ''
          await expect(moveRows(source, diesAfter(target, statements), id)).rejects.toThrow('killed')
        }),
      )
      await expect(openDatabase({ databaseUrl }, silent)).rejects.toThrow('Data are being moved')
    }
    await moveData({ DATA_DIR: dataDir, DATABASE_URL: databaseUrl, SECRETS_KEY: ring })
    expect(await within({ databaseUrl }, inventory)).toEqual(before)
    await expect(openDatabase({ dataDir }, silent)).rejects.toThrow('were moved to PostgreSQL')
    await expect(moveData({ DATA_DIR: dataDir, DATABASE_URL: databaseUrl, SECRETS_KEY: ring })).rejects.toThrow('were moved to PostgreSQL')
  })

  test('a target with data is refused, and stays as it is', async () => {
    const dataDir = await ofOurOwn()
    const databaseUrl = await server.database()
    await within({ databaseUrl }, async (db) => {
      await audit({ clock: Date.now }, db, { reference: 'r', phase: 'started', person: typist, operation: 'x', input: {} })
    })
    const before = await within({ databaseUrl }, inventory)
    await expect(moveData({ DATA_DIR: dataDir, DATABASE_URL: databaseUrl, SECRETS_KEY: ring })).rejects.toMatchObject({
      message: 'The database of DATABASE_URL is not empty: the table {table} has rows. Name an empty one.',
      sentence: { values: { table: 'audit' } },
    })
    expect(await within({ databaseUrl }, inventory)).toEqual(before)
    expect(await readdir(dataDir)).not.toContain('moved-to-postgresql')
  })

  test.each([
    ['without a target', {}, /^DATABASE_URL is missing/],
    ['without its key', { DATABASE_URL: 'postgres://bot@127.0.0.1:1/x' }, /^SECRETS_KEY is missing/],
    ['with another key than the one in DATA_DIR', { DATABASE_URL: 'postgres://bot@127.0.0.1:1/x', SECRETS_KEY: newer }, /lacks the key in/],
    ['to a target that is away', { DATABASE_URL: 'postgres://bot@127.0.0.1:1/x', SECRETS_KEY: 'kept' }, /cannot be used/],
  ] as [string, Environment, RegExp][])('%s it says what is missing', async (_, settings, sentence) => {
    const dataDir = await ofOurOwn()
    await secretsKey({ dataDir })
    const kept = (await readFile(join(dataDir, 'secrets.key'), 'utf8')).trim()
    const SECRETS_KEY = settings.SECRETS_KEY === 'kept' ? `${ring},${kept}` : settings.SECRETS_KEY
    await expect(moveData({ ...settings, DATA_DIR: dataDir, ...(SECRETS_KEY && { SECRETS_KEY }) })).rejects.toThrow(sentence)
  })

  test('without an embedded database there is nothing to move', async () => {
    const settings = { DATA_DIR: await folder(), DATABASE_URL: 'postgres://bot@127.0.0.1:1/x', SECRETS_KEY: ring }
    await expect(moveData(settings)).rejects.toThrow('has no embedded database')
  })
})

/** A database of which the process is killed at some statement. */
function diesAfter(db: Db, statements: number): Db {
  let left = statements
  const dying = (one: Db): Db =>
    new Proxy(one, {
      get: (target, name, receiver) => {
        if (name === 'execute') {
          left -= 1
          if (left < 0) throw new Error('killed')
        }
        if (name === 'transaction') return (work: (tx: Db) => Promise<unknown>) => target.transaction((tx) => work(dying(tx as Db)))
        const value = Reflect.get(target, name, receiver)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  return dying(db)
}

describe('backup', { timeout: 180_000 }, () => {
  test('while the bot writes, the copy is one moment of it, and a bot that starts on it finds everything', async () => {
    const dataDir = await ofOurOwn()
    const { db, copyTo, close } = await openDatabase({ dataDir }, silent)
    onTestFinished(close)
    const closeControl = openControl(dataDir, { backup: answerBackup({ ...(copyTo && { copyTo }) }, dataDir) }, silent)
    onTestFinished(closeControl)
    let writing = true
    let wrote = 0
    const writer = (async () => {
      while (writing) {
        // Both rows or none.
        await db.transaction(async (tx) => {
          for (const half of ['one', 'other'])
            await audit({ clock: Date.now }, tx, { reference: `w${wrote}`, phase: 'started', person: typist, operation: half, input: {} })
        })
        wrote += 1
      }
    })()
    await expect.poll(() => wrote).toBeGreaterThan(5)
    const to = await folder()
    const before = wrote
    expect(await backup({ DATA_DIR: dataDir, SECRETS_KEY: ring }, ['--to', to])).toMatch(
      /^Backed up to \S+quaymaster-\d{4}-\S+Z\. Keep SECRETS_KEY apart/,
    )
    await expect.poll(() => wrote).toBeGreaterThan(before + 5)
    writing = false
    await writer

    const [name = ''] = await readdir(to)
    const { rows } = await within({ dataDir: join(to, name) }, async (copy) => {
      await expectWhole(copy, ring)
      return copy.execute<{ count: number }>(sql`select count(*)::int as count from audit where reference ~ '^w[0-9]' group by reference`)
    })
    expect(rows.length).toBeGreaterThanOrEqual(before)
    expect(rows.length).toBeLessThan(wrote)
    expect(new Set(rows.map(({ count }) => count))).toEqual(new Set([2]))
    const { alice } = await startOn({ dataDir: join(to, name) })
    expect((await alice.types('/quay request list')).text).toContain('copy-unknown')
  })

  test('without a running bot the tool opens the database itself, and copies the key that is kept beside it', async () => {
    const dataDir = await ofOurOwn()
    const kept = await secretsKey({ dataDir })
    const to = await folder()
    expect(await backup({ DATA_DIR: dataDir }, ['--to', to])).toContain('It holds secrets.key, too')
    const [name = ''] = await readdir(to)
    expect((await secretsKey({ dataDir: join(to, name) })).id).toBe(kept.id)
    expect(await within({ dataDir: join(to, name) }, inventory)).toEqual(await within({ dataDir }, inventory))
  })

  test('a folder that cannot be written is said as such, and nothing half is left', async () => {
    const dataDir = await ofOurOwn()
    await expect(backup({ DATA_DIR: dataDir }, ['--to', '/sys/nobodys'])).rejects.toMatchObject({ code: 'conflict' })
    const file = join(await folder(), 'file')
    await writeFile(file, '')
    await expect(backup({ DATA_DIR: dataDir }, ['--to', file])).rejects.toThrow()
  })

  test('PostgreSQL is left to its own tools; a DATA_DIR without a database is named', async () => {
    expect(await backup({ DATABASE_URL: 'postgres://bot@db/q', SECRETS_KEY: ring }, [])).toContain('pg_dump')
    await expect(backup({ DATA_DIR: await folder() }, [])).rejects.toThrow('has no embedded database')
  })
})

describe('rotate-keys', { timeout: 180_000 }, () => {
  test('everything that was sealed opens with the new key alone, and the audit log is verified with both', async () => {
    const dataDir = await ofOurOwn()
    const said = await rotate({ DATA_DIR: dataDir, SECRETS_KEY: ring })
    expect(said).toMatch(/^[3-9] credentials sealed with the first key\.$/m)
    expect(said).toMatch(/^Keep the older keys: \d+ entries of the audit log can be verified only with them\./m)
    await within({ dataDir }, async (db) => {
      await expectWhole(db, newer, { unknown: 'some' })
      await expectWhole(db, ring)
      await expect(expectWhole(db, older)).rejects.toThrow('SECRETS_KEY that is no longer in use')
    })
    const { bea } = await startOn({ dataDir }, newer)
    expect((await bea.types('/quay repo show acme/api')).text).toContain('acme/api')
  })

  test.runIf(isCi)('on PostgreSQL it runs beside the bot', async () => {
    const dataDir = await ofOurOwn()
    const databaseUrl = await server.database()
    await moveData({ DATA_DIR: dataDir, DATABASE_URL: databaseUrl, SECRETS_KEY: ring })
    const { bot } = await startOn({ databaseUrl })
    expect(await rotate({ DATABASE_URL: databaseUrl, SECRETS_KEY: ring })).toContain('sealed with the first key')
    await expectWhole(bot.db, ring)
    await expectWhole(bot.db, newer, { unknown: 'some' })
  })

  test('a bot that runs on the embedded database is in its way, and is named', async () => {
    const dataDir = await ofOurOwn()
    const { close } = await openDatabase({ dataDir }, silent)
    onTestFinished(close)
    await expect(rotate({ DATA_DIR: dataDir, SECRETS_KEY: ring })).rejects.toThrow('Another Quaymaster is running on')
  })

  test('without SECRETS_KEY the kept key gets a successor', async () => {
    const dataDir = await folder()
    await makeDirectory(dataDir)
    const first = await secretsKey({ dataDir })
    expect(await rotate({ DATA_DIR: dataDir })).toMatch(/^A new key was put first into secrets\.key/)
    expect((await secretsKey({ dataDir })).ring.map(({ id }) => id)).toContain(first.id)
  })
})

describe('export-audit', { timeout: 180_000 }, () => {
  test('writes a file for each day, whole entries with their seals; again it writes the same', async () => {
    const dataDir = await ofOurOwn()
    const to = await folder()
    const said = await exportTool({ DATA_DIR: dataDir, SECRETS_KEY: ring }, ['--to', to])
    const files = await readdir(to)
    expect(files.every((name) => /^audit-\d{4}-\d\d-\d\d\.jsonl$/.test(name))).toBe(true)
    const lines = (await Promise.all(files.map((name) => readFile(join(to, name), 'utf8')))).join('').trimEnd().split('\n')
    expect(said).toContain(`Exported ${lines.length} entries`)
    expect(lines.length).toBe(await within({ dataDir }, async (db) => db.$count(table)))
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ phase: expect.any(String), position: 1, seal: expect.stringMatching(/:2:/) })
    await exportTool({ DATA_DIR: dataDir, SECRETS_KEY: ring }, ['--to', to])
    expect((await Promise.all(files.map((name) => readFile(join(to, name), 'utf8')))).join('').trimEnd().split('\n')).toEqual(lines)
  })

  test('a day that retention has begun to remove keeps the file that it has, and a running bot exports by itself', async () => {
    const dataDir = await ofOurOwn()
    const to = await folder()
    const { db, close } = await openDatabase({ dataDir }, silent)
    onTestFinished(close)
    onTestFinished(openControl(dataDir, { 'export-audit': answerExport(db) }, silent))
    await exportTool({ DATA_DIR: dataDir }, ['--to', to])
    const [first = ''] = (await readdir(to)).sort()
    const whole = await readFile(join(to, first), 'utf8')
    const [, second] = await db.select().from(table).orderBy(table.position).limit(2)
    await removeOldAudit({ db, log: silent, clock: Date.now, keys: await secretsKey({ setting: ring }) }, second?.at ?? new Date(0))
    await exportTool({ DATA_DIR: dataDir }, ['--to', to])
    expect(await readFile(join(to, first), 'utf8')).toBe(whole)
  })

  test('days are chosen, and what is wrong with the options is said', async () => {
    const dataDir = await ofOurOwn()
    const to = await folder()
    expect(await exportTool({ DATA_DIR: dataDir, SECRETS_KEY: ring }, ['--to', to, '--through', '2020-01-01'])).toBe(
      'The audit log has no entries of these days.',
    )
    await expect(exportTool({ DATA_DIR: dataDir }, ['--to', to, '--from', 'yesterday'])).rejects.toThrow('Name a folder')
    await expect(exportTool({ DATA_DIR: dataDir }, [])).rejects.toThrow('Name a folder')
  })
})

test('a tool that the running bot does not know, or that fails there, is a sentence', async () => {
  const dataDir = await ofOurOwn()
  onTestFinished(openControl(dataDir, {}, silent))
  await expect(backup({ DATA_DIR: dataDir }, [])).rejects.toMatchObject({
    sentence: { values: { problem: 'This Quaymaster does not know backup.' } },
  })
})
