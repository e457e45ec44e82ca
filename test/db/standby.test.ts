import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { expect, onTestFinished, test, vi } from 'vitest'
import { isCi } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { initialisedPostgres, startPostgres } from './start-postgres.ts'

/** A server in recovery that answers whoever only reads, as a standby does until it is promoted. */
async function startStandby() {
  const { server, databaseDir, port } = await initialisedPostgres(tmpdir(), ['hot_standby=on'])
  await server.start()
  await server.createDatabase('bot1')
  await server.stop()
  await writeFile(join(databaseDir, 'standby.signal'), '')
  // It waits for the line of a server that takes writes, which never comes.
  void server.start().catch(() => undefined)
  onTestFinished(async () => {
    await server.stop()
    await rm(databaseDir, { recursive: true, force: true })
  })
  await vi.waitFor(async () => {
    const client = new Client({ connectionString: `postgres://postgres:of-this-run@127.0.0.1:${port}/bot1` })
    client.on('error', () => undefined)
    await client.connect()
    await client.end()
  }, 60_000)
  return `127.0.0.1:${port}`
}

// Two servers of its own are made for it.
test.runIf(isCi)(
  'the primary has died and the standby is not promoted yet: the database does not respond, and is not called read-only',
  {
    timeout: 180_000,
  },
  async () => {
    const primary = await startPostgres({ direct: true })
    const { host, pathname } = new URL(await primary.database())
    expect(pathname).toBe('/bot1')
    const database = { databaseUrl: `postgres://postgres:of-this-run@${host},${await startStandby()}/bot1` }
    const { alice, origin } = await startBot({ database, environment: { LOG_LEVEL: 'silent' } })
    await primary.stop()
    const ready = async () => (await (await fetch(`${origin}/readyz`)).json()) as { trouble?: string } // ours
    await expect.poll(async () => (await ready()).trouble, { timeout: 60_000 }).toBeDefined()
    expect(await ready()).toMatchObject({ ok: false, database: false, trouble: 'database-away' })
    expect(JSON.stringify(await alice.types('/quay status'))).toContain('database does not respond right now')
  },
)
