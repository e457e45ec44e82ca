import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import { Client } from 'pg'
import type { Logger } from 'pino'
import { connectionProblem } from '../core/connection-problem.ts'
import { Failure } from '../core/failure.ts'
import { databaseError, troubleOf } from './errors.ts'
import type { Hosts } from './hosts.ts'
import { casing, isCurrent, migrations } from './migrate.ts'

// An arbitrary constant: the lock under which replicas that start together migrate the tables.
const startUp = 7_145_002

// A wait for the lock is told after so many milliseconds.
const patience = 5_000

/** Brings the tables up to date. Says whether a pooler stands before the server. Throws a Failure that says what to do. */
export async function prepare({ named, ...hosts }: Hosts, log: Logger, moving = false): Promise<{ isPooled: boolean }> {
  const client = new Client({ ...hosts, connectionTimeoutMillis: 10_000, application_name: 'quaymaster start' })
  // The connection breaks during the work; its statement reports the error.
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query('select pg_backend_pid() as pid')
    if (!moving) await refuseHalfMoved(client)
    if (!(await isCurrent(client))) await migrateAlone(client, log)
    return { isPooled: rows[0]?.pid !== processOf(client) }
  } catch (error) {
    throw unusable(named, error)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** A bot that starts before all data are there would begin anew, and the rest could no longer come. */
async function refuseHalfMoved(client: Client) {
  const { rows } = await client.query(`select to_regclass('public.quaymaster_move') is not null as moving`)
  if (rows[0]?.moving)
    throw new Failure(
      'conflict',
      'Data are being moved to the database of DATABASE_URL. Run npm run move-data again until it has finished.',
    )
}

/** The process that serves a connection, as it was told when it began. A pooler tells a number of its own there. */
export function processOf(client: object): unknown {
  return 'processID' in client ? client.processID : undefined
}

/**
 * Migrates while no other replica does. The lock belongs to the transaction, because behind a pooler nothing else stays with a
 * connection. drizzle's own `begin` inside it changes nothing, and its `commit` ends both.
 */
async function migrateAlone(client: Client, log: Logger) {
  await client.query('begin')
  await client.query('set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0; set local lock_timeout = 0')
  const waiting = setTimeout(
    () => log.warn('waiting for the lock of the database: another replica, or npm run migrate, changes the tables'),
    patience,
  )
  try {
    await client.query('select pg_advisory_xact_lock($1)', [startUp])
  } finally {
    clearTimeout(waiting)
  }
  // pg-boss makes its tables later, under a lock of its own, but looks for its schema before it has that.
  await client.query('create schema if not exists pgboss')
  // Another one may have done it meanwhile; then this changes nothing.
  await migrate(drizzle(client, { casing }), migrations)
}

const mayNotCreate = '42501'

/** A sentence instead of a driver's error. An error that is not about the database's health, such as a wrong statement, is a bug of ours. */
export function unusable(host: string, thrown: unknown) {
  const lasting = connectionProblem(thrown, host)
  if (lasting) return new Failure('conflict', lasting.message, lasting.values)
  const error = databaseError(thrown)
  const raw = thrown instanceof Error ? thrown : new Error(String(thrown))
  const trouble = troubleOf(error)
  if (!trouble) return error
  const cause = raw.cause instanceof Error ? raw.cause : raw
  if ('code' in cause && cause.code === mayNotCreate)
    return new Failure(
      'conflict',
      'The tables in the database at {host} must be created or updated, but its user may not do that ({problem}). Run npm run migrate with a user that may, or grant CREATE on the database and its schema public.',
      { host, problem: cause.message },
      { cause: error },
    )
  const problem = cause.message || ('code' in cause ? String(cause.code) : 'no answer')
  return new Failure(
    'unavailable',
    'The database at {host} cannot be used: {problem}. Check DATABASE_URL.',
    { host, problem },
    { cause: error, passes: trouble === 'away' },
  )
}
