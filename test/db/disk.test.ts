import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../src/core/config.ts'
import { diskProblem } from '../../src/core/disk-problem.ts'
import { Failure } from '../../src/core/failure.ts'
import { secretsKey } from '../../src/core/keys.ts'
import { databaseError, troubleOf } from '../../src/db/errors.ts'
import { openDatabase } from '../../src/db/open.ts'
import { startFaultyPostgres } from './faulty-postgres.ts'

const silent = pino({ level: 'silent' })
const readOnly = /it is read-only or belongs to another user\. Make it writable, or set DATA_DIR/

// Nobody may write there, root neither, and it is on every Linux.
const nobodys = '/sys'

test('a DATA_DIR that cannot be written is said as such, by the key, the lock and the database alike; it is not damaged', async () => {
  await expect(secretsKey({ dataDir: nobodys })).rejects.toThrow(Failure)
  await expect(secretsKey({ dataDir: nobodys })).rejects.toMatchObject({ code: 'conflict', message: expect.stringMatching(readOnly) })
  await expect(openDatabase({ dataDir: nobodys }, silent)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(readOnly),
  })
})

test.each([
  ['ENOSPC', /^The disk of \{directory\} is full\. Free space there/],
  ['EDQUOT', /^The disk of \{directory\} is full/],
  ['EROFS', readOnly],
  ['EACCES', readOnly],
])('the disk says %s', async (code, sentence) => {
  const directory = await mkdtemp(join(tmpdir(), 'quaymaster-disk-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  expect(diskProblem(Object.assign(new Error('no'), { code }), directory)?.sentence.message).toMatch(sentence)
  expect(diskProblem(new Error('Aborted()'), directory)).toBeUndefined()
})

test.each([
  [{ code: '57P01' }, 'terminating connection due to administrator command', 'away'],
  [{ code: '08006' }, 'connection failure', 'away'],
  [{ code: 'ECONNREFUSED' }, 'connect ECONNREFUSED 127.0.0.1:5432', 'away'],
  [{}, 'Connection terminated unexpectedly', 'away'],
  [{}, 'PGlite is closed', 'away'],
  [{}, 'memory access out of bounds', 'away'],
  [{ code: '53300' }, 'sorry, too many clients already', 'busy'],
  [{}, 'timeout exceeded when trying to connect', 'busy'],
  [{ code: '57014' }, 'canceling statement due to statement timeout', 'slow'],
  [{}, 'Query read timeout', 'slow'],
  [{ code: '53100' }, 'could not extend file: No space left on device', 'full'],
  [{ code: '58030' }, 'could not write to file: No space left on device', 'full'],
  [{ code: '58030' }, 'could not open file: Read-only file system', 'read-only'],
  [{ code: '25006' }, 'cannot execute INSERT in a read-only transaction', 'read-only'],
  [{ code: '28P01' }, 'password authentication failed for user "bot"', 'refused'],
  [{ code: '23505' }, 'duplicate key value violates unique constraint', undefined],
])('%o %s is %s', (error, message, trouble) => {
  expect(troubleOf(databaseError(Object.assign(new Error(message), error)))).toBe(trouble)
})

test('a secret that ends with a line break is refused in words', () => {
  const complete = {
    SLACK_BOT_TOKEN: 'xoxb-1-2-3',
    SLACK_APP_TOKEN: 'xapp-1-2-3',
    QUAY_URL: 'https://quay.example.com',
    QUAY_TOKEN: 'a'.repeat(40),
  }
  for (const name of Object.keys(complete) as (keyof typeof complete)[])
    expect(readConfig({ ...complete, [name]: `${complete[name]}\n` })).toEqual({
      problems: [`${name} begins or ends with a space or a line break. Remove it, for example with printf instead of echo.`],
    })
})

test('a database that does not answer at the start is one sentence and the end, with nothing of its address but the host', async () => {
  const database = await startFaultyPostgres()
  onTestFinished(() => database.stop())
  for (const fault of ['away', 'out of connections', 'read-only'] as const) {
    await database.fails(fault)
    const failed = await openDatabase({ databaseUrl: database.databaseUrl }, silent).catch((error: unknown) => error)
    expect(failed, fault).toMatchObject({
      code: 'unavailable',
      message: 'The database at {host} cannot be used: {problem}. Check DATABASE_URL.',
    })
    expect(JSON.stringify((failed as Failure).sentence), fault).not.toContain('of-this-run')
    await database.recovers()
  }
  const { close, trouble } = await openDatabase({ databaseUrl: database.databaseUrl }, silent)
  expect(await trouble()).toBeUndefined()
  await close()
})

test('a pooler that takes no parameters of a connection is no obstacle', async () => {
  const database = await startFaultyPostgres({ refuseParameters: true })
  onTestFinished(() => database.stop())
  const { close, trouble, db } = await openDatabase({ databaseUrl: database.databaseUrl }, silent)
  expect((await db.execute(`select current_setting('statement_timeout') as set`)).rows).toEqual([{ set: '15s' }])
  expect(await trouble()).toBeUndefined()
  await close()
})
