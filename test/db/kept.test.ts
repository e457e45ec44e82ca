import { Client, type Pool } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { sampled } from '../sized.ts'
import { keptPostgres, ownPostgres } from './own-database.ts'
import { rowsOf } from './pristine.ts'

// What one test does to a database that is kept for the next one must not be seen there. test/db/own-database.ts says how it is kept.

/** A database as a bot gets it, with a client as the bot's are. */
async function taken() {
  const { where, drop } = await keptPostgres()
  const connected = async () => {
    const client = new Client({ connectionString: where.databaseUrl, application_name: 'kept', stream: where.stream })
    await client.connect()
    return client
  }
  return { name: new URL(where.databaseUrl).pathname, connected, drop }
}

/** One that no bot has had: those that are free may have their last use behind them. */
async function takenNew() {
  const free = [await taken(), await taken(), await taken()]
  onTestFinished(async () => {
    for (const one of free) await one.drop()
  })
  return taken()
}

/** All rows of all tables, and where sequences stand. */
async function contentOf(client: Pick<Pool, 'query'>) {
  const { rows } = await client.query(`select format('%I.%I', n.nspname, c.relname) as name, c.relkind as kind
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('public', 'pgboss', 'drizzle') and c.relkind in ('r', 'S') order by 1`)
  const all: Record<string, unknown> = {}
  for (const { name, kind } of rows)
    all[name] =
      kind === 'S' ? (await client.query(`select last_value, is_called from ${name}`)).rows : await rowsOf(client, { name, columns: '*' })
  return all
}

test('the next test finds the rows of a new database, and sequences where a new one has them', async () => {
  const one = await takenNew()
  const client = await one.connected()
  await client.query(`insert into replicas (id, seen_at) values ('left', now());
    insert into entries (key, team, person, operation, reference, state, created_at) values ('left', '', '', 'x', '', 'done', now());
    delete from pgboss.queue where name = 'clean-up'; update pgboss.queue set retry_limit = 99; select nextval('audit_id_seq')`)
  await client.end()
  await one.drop()

  const next = await taken()
  expect(next.name).toBe(one.name)
  const again = await next.connected()
  const fresh = await ownPostgres()
  const other = new Client({ connectionString: fresh.where.databaseUrl })
  await other.connect()
  const wanted = await contentOf(other as unknown as Pool) // of which it only asks
  expect(Object.keys(wanted).length).toBeGreaterThan(50)
  expect(await contentOf(again as unknown as Pool)).toEqual(wanted) // the same
  await Promise.all([again.end(), other.end()])
  await Promise.all([next.drop(), fresh.drop()])
})

test('the next client of a connection finds nothing of the last one’s session, and needs no new process of the server', async () => {
  const { connected, drop } = await taken()
  const pidOf = async (client: Client) => (await client.query('select pg_backend_pid() as pid')).rows[0].pid
  const client = await connected()
  const watching = await connected()
  const pid = await pidOf(client)
  await client.query(`set statement_timeout = 4321; set application_name = 'other'; listen left_behind;
    create temp table left_behind (one int); select pg_advisory_lock(77); prepare left_behind as select 1`)
  await client.end()
  const last = async () => (await watching.query(`select query, state from pg_stat_activity where pid = ${pid}`)).rows[0]
  await expect.poll(last).toEqual({ query: 'DISCARD ALL', state: 'idle' })
  await expect
    .poll(async () => {
      const next = await connected()
      const found = await pidOf(next)
      const { rows } =
        await next.query(`select current_setting('statement_timeout') as timeout, current_setting('application_name') as name,
        (select count(*)::int from pg_listening_channels()) as channels, to_regclass('pg_temp.left_behind') as temporary,
        (select count(*)::int from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as locks,
        (select count(*)::int from pg_prepared_statements) as prepared`)
      await next.end()
      return { same: found === pid, ...rows[0] }
    })
    .toEqual({ same: true, timeout: '0', name: 'kept', channels: 0, temporary: null, locks: 0, prepared: 0 })
  await watching.end()
  await drop()
})

test('a connection that ends in the middle of a transaction really ends', async () => {
  const { connected, drop } = await taken()
  const client = await connected()
  const { rows } = await client.query('select pg_backend_pid() as pid')
  await client.query('begin; select 1')
  await client.end()
  const next = await connected()
  const left = async () => (await next.query(`select count(*)::int as left from pg_stat_activity where pid = ${rows[0].pid}`)).rows[0].left
  await expect.poll(left).toBe(0)
  await next.end()
  await drop()
})

const changes = [
  'alter table replicas add column more text',
  'drop table replicas cascade',
  'create table more (one int)',
  `create function more() returns int language sql as 'select 1'`,
  'alter table audit disable trigger all',
  'alter database :name set statement_timeout = 1000',
]

test.each(sampled(changes, 3))('a database that a test has changed otherwise is nobody else’s: %s', async (change) => {
  const one = await taken()
  const client = await one.connected()
  await client.query(change.replace(':name', one.name.slice(1)))
  await client.end()
  await one.drop()
  const next = await taken()
  expect(next.name).not.toBe(one.name)
  await next.drop()
})

test('a database that is still used when its bot has stopped is nobody else’s', async () => {
  const one = await taken()
  const client = await one.connected()
  client.on('error', () => undefined)
  await one.drop()
  const next = await taken()
  expect(next.name).not.toBe(one.name)
  await next.drop()
})
