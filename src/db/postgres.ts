import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import { Client } from 'pg'
import type { Logger } from 'pino'
import { connectionProblem } from '../core/connection-problem.ts'
import { Failure } from '../core/failure.ts'
import { jobsMayEnd, newBoss } from './boss.ts'
import type { Database } from './database.ts'
import { databaseError, troubleOf } from './errors.ts'
import { guard } from './guard.ts'
import { probe, troubleWith } from './health.ts'
import { casing, migrations } from './migrate.ts'
import { openPool, useOf } from './pool.ts'

// An arbitrary constant: the lock under which replicas that start together migrate the tables.
const startUp = 7_145_002

// Milliseconds until an attempt to connect fails.
const connectLimit = 5_000

/** PostgreSQL, for several replicas. `max`: connections for statements (DATABASE_POOL), besides five for jobs and readiness. */
export async function openPostgres(connectionString: string, log: Logger, max = 10): Promise<Database> {
  const boss = newBoss(log, { connectionString, max: 4, application_name: 'quaymaster jobs', connectionTimeoutMillis: connectLimit })
  await alone(connectionString, async (client) => {
    await migrate(drizzle(client, { casing }), migrations)
    await boss.start()
  })
  const pool = openPool(connectionString, log, { max, application_name: 'quaymaster', connectionTimeoutMillis: connectLimit })
  // A connection of its own, so that readiness waits for nothing else.
  const slot = openPool(connectionString, log, { max: 1, application_name: 'quaymaster health', connectionTimeoutMillis: 800 })
  const db = drizzle(pool, { casing })
  const trouble = troubleWith({ write: () => slot.query(probe), read: async () => db.execute(sql`select 1`), pulse: guard(db) })
  return {
    db,
    boss,
    kind: 'postgres',
    close: async () => {
      await boss.stop(jobsMayEnd)
      await Promise.all([pool.end(), slot.end()])
    },
    trouble,
    pool: () => useOf(pool),
  }
}

/** Runs `work` while no other replica runs its own. The lock belongs to the connection, so it ends with the process. */
async function alone(connectionString: string, work: (client: Client) => Promise<void>) {
  const client = new Client({ connectionString, connectionTimeoutMillis: 10_000, application_name: 'quaymaster start' })
  // The connection breaks during the work; its statement reports the error.
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select pg_advisory_lock($1)', [startUp])
    await work(client)
  } catch (error) {
    throw unusable(connectionString, error)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** A sentence instead of a driver's error. An error that is not about the database's health, such as a wrong statement, is a bug of ours. */
function unusable(connectionString: string, thrown: unknown) {
  const { host } = new URL(connectionString)
  const lasting = connectionProblem(thrown, host)
  if (lasting) return new Failure('conflict', lasting.message, lasting.values)
  const error = databaseError(thrown)
  const raw = thrown instanceof Error ? thrown : new Error(String(thrown))
  const trouble = troubleOf(error)
  if (!trouble) return error
  const cause = raw.cause instanceof Error ? raw.cause : raw
  const problem = cause.message || ('code' in cause ? String(cause.code) : 'no answer')
  return new Failure(
    'unavailable',
    'The database at {host} cannot be used: {problem}. Check DATABASE_URL.',
    { host, problem },
    { cause: error, passes: trouble === 'away' },
  )
}
