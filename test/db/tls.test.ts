import { chmod, chown, copyFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { trustAuthorities } from '../../src/core/network.ts'
import { openDatabase } from '../../src/db/open.ts'
import { initialisedPostgres } from './start-postgres.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const folder = fileURLToPath(new URL('../app/tls/', import.meta.url))
const authority = join(folder, 'authority.pem')

let server: Awaited<ReturnType<typeof startPostgresOverTls>>

beforeAll(async () => {
  server = await startPostgresOverTls()
})

afterAll(() => server.stop())

/** PostgreSQL with a certificate of the company’s authority, which takes nobody without TLS. */
async function startPostgresOverTls() {
  const { server, databaseDir, port } = await initialisedPostgres(tmpdir(), ['fsync=off', 'ssl=on'])
  const { uid, gid } = await stat(databaseDir)
  for (const name of ['server.pem', 'server.key']) {
    const file = join(databaseDir, name === 'server.pem' ? 'server.crt' : name)
    await copyFile(join(folder, name), file)
    await chmod(file, 0o600)
    await chown(file, uid, gid)
  }
  await server.start()
  return {
    urlOf: (options: string, host = '127.0.0.1') => `postgres://postgres:of-this-run@${host}:${port}/postgres?${options}`,
    stop: async () => {
      await server.stop()
      await rm(databaseDir, { recursive: true, force: true })
    },
  }
}

test('the server’s certificate is checked against CA_FILE; without it, a sentence says what to set', async () => {
  const log = pino({ level: 'silent' })

  await expect(openDatabase({ databaseUrl: server.urlOf('sslmode=verify-full') }, log)).rejects.toMatchObject({
    sentence: { message: expect.stringMatching(/^The certificate of \{host\} is not trusted\..*CA_FILE/) },
  })

  onTestFinished(trustAuthorities(authority))
  const database = await openDatabase({ databaseUrl: server.urlOf('sslmode=verify-full') }, log)
  onTestFinished(() => database.close())
  const { rows } = await database.db.execute<{ ssl: boolean }>(sql`select ssl from pg_stat_ssl where pid = pg_backend_pid()`)
  expect(rows).toEqual([{ ssl: true }])
})

test('an authority of its own, by sslrootcert in DATABASE_URL, is trusted for PostgreSQL alone', async () => {
  const database = await openDatabase(
    { databaseUrl: server.urlOf(`sslmode=verify-full&sslrootcert=${authority}`) },
    pino({ level: 'silent' }),
  )
  onTestFinished(() => database.close())
  const { rows } = await database.db.execute<{ ssl: boolean }>(sql`select ssl from pg_stat_ssl where pid = pg_backend_pid()`)
  expect(rows).toEqual([{ ssl: true }])
})
