import { Client } from 'pg'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { newRepositories } from '../approvals/start-requests.ts'
import { startPgBouncer } from '../db/start-pgbouncer.ts'
import { startPostgres } from '../db/start-postgres.ts'
import { startBot } from '../start-bot.ts'

// PgBouncer as Debian packages it, in transaction mode: it takes no start-up parameters, and no session outlives a transaction.

let server: Awaited<ReturnType<typeof startPostgres>>
beforeAll(async () => {
  // Each test has a PgBouncer of its own, which it may kill.
  server = await startPostgres({ direct: true })
}, 120_000)
afterAll(() => server.stop())

async function behindPgBouncer(settings: { poolSize?: number } = {}) {
  const direct = await server.database()
  const bouncer = await startPgBouncer(direct, settings)
  onTestFinished(() => bouncer.stop())
  return { direct, bouncer, database: { databaseUrl: bouncer.through(direct) } }
}

const environment = { LOG_LEVEL: 'debug', SECRETS_KEY: 'x'.repeat(43) }

test('three times started through it, the first time on an empty database: each time it works, and nothing is logged as an error', {
  timeout: 180_000,
}, async () => {
  const { database } = await behindPgBouncer()
  for (const name of ['one', 'two', 'three']) {
    let stop = async () => {}
    const until = (end: () => Promise<void>) => {
      stop = end
    }
    const { alice, bot, log } = await startBot({ database, environment, until })
    expect((await alice.types(`/quay repo create acme/${name}`)).text).toContain(`Created <`)
    expect(await bot.trouble()).toBeUndefined()
    await stop()
    expect(
      log()
        .split('\n')
        .filter((line) => /"level":[4-9]0/.test(line)),
    ).toEqual([])
  }
})

test('three replicas start at once on an empty database, with a pool of three connections for all', { timeout: 180_000 }, async () => {
  const { database } = await behindPgBouncer({ poolSize: 3 })
  const replicas = await Promise.all([1, 2, 3].map(() => startBot({ database, environment })))
  for (const { alice, bot } of replicas) {
    expect((await alice.types('/quay repo show acme/api')).text).toContain('acme/api')
    expect(await bot.trouble()).toBeUndefined()
  }
})

test('a request is approved and runs, though nobody is notified of a job', { timeout: 120_000 }, async () => {
  const { database } = await behindPgBouncer()
  const { alice, bea, repository } = await startBot({ database, environment, policy: { approvals: newRepositories({ ask: 'always' }) } })
  expect((await alice.types('/quay repo create acme/asked reason=polled')).text).toContain('sent to <#')
  const card = await bea.finds(/acme\/asked/, 'quay-approvals')
  await bea.presses('Approve', card, 'quay-approvals')
  await expect.poll(() => repository('acme/asked'), { timeout: 60_000 }).toBeDefined()
})

test('it is killed and comes back: meanwhile the database is said to be away, never a bug, and then all goes on by itself', {
  timeout: 180_000,
}, async () => {
  const { bouncer, database } = await behindPgBouncer()
  const { alice, bot, log, origin } = await startBot({ database, environment })
  await bouncer.kill()
  const said = await alice.types('/quay repo create acme/away')
  expect(JSON.stringify(said)).toContain('Quaymaster’s database does not respond right now.')
  const readiness = async () => {
    const response = await fetch(`${origin}/readyz`)
    return [response.status, await response.json()]
  }
  await expect.poll(readiness).toMatchObject([503, { database: false }])
  await bouncer.start()
  await expect.poll(() => bot.trouble(), { timeout: 60_000 }).toBeUndefined()
  expect((await alice.types('/quay repo create acme/back')).text).toContain('Created <')
  expect(log()).not.toContain('Something went wrong')
})

test('nobody else behind it finds a setting of ours in their session', async () => {
  const { bouncer, direct, database } = await behindPgBouncer({ poolSize: 1 })
  const { alice } = await startBot({ database, environment })
  await alice.types('/quay repo show acme/api')
  const client = new Client({ connectionString: bouncer.through(direct) })
  await client.connect()
  onTestFinished(() => client.end())
  const { rows } = await client.query(`select current_setting('statement_timeout') as timeout, pg_backend_pid() as pid`)
  expect(rows[0].timeout).toBe('0')
})
