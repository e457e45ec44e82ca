import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { Client } from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { migrateTables } from '../../src/app/tools/migrate.ts'
import { readConfig } from '../../src/core/config.ts'
import { secretsOf } from '../../src/core/log.ts'
import { databaseError, troubleOf } from '../../src/db/errors.ts'
import { openDatabase } from '../../src/db/open.ts'
import { isCi } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { startPostgres } from './start-postgres.ts'

const silent = pino({ level: 'silent' })
let server: Awaited<ReturnType<typeof startPostgres>>
beforeAll(async () => {
  server = await startPostgres({ direct: true })
}, 120_000)
afterAll(() => server.stop())

async function connected(databaseUrl: string) {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  onTestFinished(() => client.end())
  return client
}

/** A user of the server that owns nothing. */
async function ordinaryUser(databaseUrl: string, name: string) {
  const owner = await connected(databaseUrl)
  await owner.query(`create role ${name} login password 'of-this-run'; revoke create on schema public from public`)
  return { owner, databaseUrl: Object.assign(new URL(databaseUrl), { username: name }).href }
}

test('a user that may create nothing is told to run npm run migrate; after that, and with rights on the tables, the bot runs', {
  timeout: 120_000,
}, async () => {
  const direct = await server.database()
  const { owner, databaseUrl } = await ordinaryUser(direct, 'plain')
  await expect(openDatabase({ databaseUrl }, silent)).rejects.toMatchObject({
    code: 'conflict',
    message:
      'The tables in the database at {host} must be created or updated, but its user may not do that ({problem}). Run npm run migrate with a user that may, or grant CREATE on the database and its schema public.',
  })
  expect(await migrateTables({ DATABASE_URL: direct })).toBe('The tables are up to date.')
  for (const schema of ['public', 'pgboss', 'drizzle'])
    await owner.query(`grant usage on schema ${schema} to plain;
      grant select, insert, update, delete on all tables in schema ${schema} to plain;
      grant usage, select on all sequences in schema ${schema} to plain`)
  const { alice, bot, log } = await startBot({ database: { databaseUrl }, environment: { LOG_LEVEL: 'warn' } })
  expect((await alice.types('/quay repo create acme/plain')).text).toContain('Created <')
  expect(await bot.trouble()).toBeUndefined()
  expect(log()).not.toContain('permission denied')
})

test('npm run migrate without DATABASE_URL says that there is nothing to do', async () => {
  expect(await migrateTables({})).toMatch(/^DATABASE_URL is not set\. /)
})

test('a start that waits for another’s lock says so after five seconds, and then goes on', { timeout: 60_000 }, async () => {
  const databaseUrl = await server.database()
  const other = await connected(databaseUrl)
  await other.query('begin; select pg_advisory_xact_lock(7145002)')
  const lines: string[] = []
  const opening = openDatabase({ databaseUrl }, pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) }))
  await expect.poll(() => lines.join(''), { timeout: 20_000 }).toContain('waiting for the lock of the database')
  await other.query('commit')
  await (await opening).close()
})

/** An address where nobody answers: connections are taken and nothing is said. */
async function silentHost() {
  const deaf = createServer(() => undefined).listen(0, '127.0.0.1')
  await once(deaf, 'listening')
  onTestFinished(() => void deaf.close())
  return `127.0.0.1:${(deaf.address() as AddressInfo).port}` // it listens on a port
}

test.runIf(isCi)(
  'of several hosts the one that takes writes is used: one is dead, one silent, one a standby',
  { timeout: 120_000 },
  async () => {
    const standby = await startPostgres({ direct: true })
    onTestFinished(() => standby.stop())
    const second = new URL(await standby.database())
    const read = await connected(second.href)
    await read.query(`alter database ${second.pathname.slice(1)} set default_transaction_read_only = on`)
    const first = new URL(await server.database())
    expect(second.pathname).toBe('/bot1')
    await (await connected(first.href)).query('select 1')
    const database = `postgres://postgres:of-this-run@127.0.0.1:1,${await silentHost()},${second.host},${first.host}${'/bot1'}`

    const { close, db, trouble } = await openDatabase({ databaseUrl: database }, silent)
    const { rows } = await db.execute(`select inet_server_port() as port`)
    expect(String(rows[0]?.port)).toBe(first.port)
    await expect.poll(() => trouble(), { timeout: 20_000 }).toBeUndefined()
    await close()
  },
)

/** Another host with the same data, until it dies. */
async function anotherWay({ hostname, port }: URL) {
  const sockets = new Set<Socket>()
  const proxy = createServer((client) => {
    const behind = connect(Number(port), hostname)
    for (const [from, to] of [
      [client, behind],
      [behind, client],
    ] as const) {
      sockets.add(from)
      from.on('error', () => undefined)
      from.pipe(to)
    }
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const dies = () => {
    proxy.close()
    for (const socket of sockets) socket.destroy()
  }
  onTestFinished(dies)
  return { host: `127.0.0.1:${(proxy.address() as AddressInfo).port}`, dies } // it listens on a port
}

test('the host that was used dies, and the other takes over: no restart, and what is said meanwhile is about the database', {
  timeout: 180_000,
}, async () => {
  const direct = new URL(await server.database())
  const one = await anotherWay(direct)
  const database = { databaseUrl: `postgres://postgres:of-this-run@${one.host},${direct.host}${direct.pathname}` }
  const { alice, bot } = await startBot({ database, environment: { LOG_LEVEL: 'error' } })
  expect((await alice.types('/quay repo create acme/before')).text).toContain('Created <')
  one.dies()
  const meanwhile = await alice.types('/quay repo create acme/meanwhile')
  expect(JSON.stringify(meanwhile)).toMatch(/Created <|Quaymaster’s database/)
  await expect.poll(() => bot.trouble(), { timeout: 60_000 }).toBeUndefined()
  expect((await alice.types('/quay repo create acme/after')).text).toContain('Created <')
})

test('no host takes writes: one sentence with their names, and no password', async () => {
  const failure = await openDatabase({ databaseUrl: 'postgres://bot:canary-5d21@127.0.0.1:1,127.0.0.1:2/quaymaster' }, silent).catch(
    (error: unknown) => error,
  )
  expect(failure).toMatchObject({ sentence: { values: { host: '127.0.0.1:1,127.0.0.1:2' } } })
  expect(JSON.stringify(failure)).not.toContain('canary')
})

const complete = {
  SLACK_BOT_TOKEN: 'xoxb-1-2-3',
  SLACK_APP_TOKEN: 'xapp-1-2-3',
  QUAY_URL: 'https://quay.example.com',
  QUAY_TOKEN: 'a'.repeat(40),
}

test.each([
  ['postgres://bot@db/quaymaster', true],
  ['postgresql://bot:p%40ss@db1:5432,db2:5433/quaymaster?sslmode=require', true],
  ['postgres://db1,db2/q', true],
  ['postgres://[::1]:5432,db2/q', true],
  ['mysql://db/q', false],
  ['postgres://', false],
  ['postgres://db1,/q', false],
  ['postgres://db1:port,db2/q', false],
])('DATABASE_URL=%s is an address: %s', (DATABASE_URL, isOne) => {
  expect('config' in readConfig({ ...complete, DATABASE_URL, SECRETS_KEY: 'k'.repeat(32) })).toBe(isOne)
})

test('the password of an address with several hosts is never logged', () => {
  expect(secretsOf({ DATABASE_URL: 'postgres://bot:p%40ss-5d21@db1,db2/q' })).toEqual(expect.arrayContaining(['p%40ss-5d21', 'p@ss-5d21']))
})

test.each([
  [{ code: '08P01' }, 'unsupported startup parameter: statement_timeout', 'away'],
  [{ code: '08P01' }, 'server login has been failing, try again later (server_login_retry)', 'away'],
  [{ code: '08P01' }, 'no more connections allowed (max_client_conn)', 'busy'],
  [{ code: '08P01' }, 'query_wait_timeout', 'busy'],
  [{ code: '08P01' }, 'no such user', 'refused'],
  [{}, 'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string', 'refused'],
  [{}, 'The server does not support SSL connections', 'away'],
  [{ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, 'self-signed certificate', 'away'],
  [{ code: '57P05' }, 'terminating connection due to idle-session timeout', 'away'],
])('%o %s is trouble of the database: %s', (error, message, trouble) => {
  expect(troubleOf(databaseError(Object.assign(new Error(message), error)))).toBe(trouble)
})
