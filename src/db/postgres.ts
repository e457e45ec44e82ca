import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import { Client, Pool, type PoolClient } from 'pg'
import type { Logger } from 'pino'
import { Failure } from '../core/failure.ts'
import { jobsMayEnd, newBoss } from './boss.ts'
import type { Database } from './database.ts'
import { databaseError, troubleOf } from './errors.ts'
import { guard } from './guard.ts'
import { probe, troubleWith } from './health.ts'
import { casing, migrations } from './migrate.ts'

// An arbitrary constant: the lock under which replicas that start together migrate the tables.
const startUp = 7_145_002

const statementLimit = 15_000
// Milliseconds until an attempt to connect fails.
const connectLimit = 5_000

/** PostgreSQL, for several replicas. */
export async function openPostgres(connectionString: string, log: Logger): Promise<Database> {
  const boss = newBoss(log, { connectionString, max: 4, application_name: 'quaymaster jobs', connectionTimeoutMillis: connectLimit })
  await alone(connectionString, async (client) => {
    await migrate(drizzle(client, { casing }), migrations)
    await boss.start()
  })
  const pool = openPool(connectionString, log, { max: 10, application_name: 'quaymaster', connectionTimeoutMillis: connectLimit })
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
  }
}

interface PoolSettings {
  max: number
  application_name: string
  connectionTimeoutMillis: number
}

function openPool(connectionString: string, log: Logger, settings: PoolSettings) {
  const pool = new Pool({
    connectionString,
    ...settings,
    keepAlive: true,
    // The server ends a slow statement; if the server itself does not answer, this ends it.
    query_timeout: statementLimit + 2_000,
    // Not a connection parameter, which a pooler such as PgBouncer refuses.
    onConnect: async (client) => void (await client.query(`set statement_timeout = ${statementLimit}`)),
  })
  // An idle connection breaks; the next query opens another.
  pool.on('error', (error) => log.warn({ reason: error.message }, 'a database connection broke'))
  pool.on('connect', dropWhenSilent)
  return pool
}

/**
 * pg gives up a statement without an answer but keeps its connection, on which the next statement would wait forever.
 * So the connection is dropped.
 */
function dropWhenSilent(client: PoolClient) {
  // A connection in use breaks; its statement reports the error.
  client.on('error', () => undefined)
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } } // missing in its types, but pg itself ends it
  const look = (error: unknown) => {
    if (error instanceof Error && error.message === 'Query read timeout') connection.stream.destroy()
  }
  const query = client.query.bind(client) as (...given: unknown[]) => unknown // one of its many overloads
  // One of its many overloads.
  client.query = ((...given: unknown[]) => {
    const callback = given.at(-1)
    if (typeof callback === 'function') {
      const looked = (error: unknown, result: unknown) => {
        look(error)
        callback(error, result)
      }
      return query(...given.slice(0, -1), looked)
    }
    const answer = query(...given)
    if (answer instanceof Promise) answer.catch(look)
    return answer
  }) as typeof client.query
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
  const error = databaseError(thrown)
  const raw = thrown instanceof Error ? thrown : new Error(String(thrown))
  const trouble = troubleOf(error)
  if (!trouble) return error
  const { host } = new URL(connectionString)
  const cause = raw.cause instanceof Error ? raw.cause : raw
  const problem = cause.message || ('code' in cause ? String(cause.code) : 'no answer')
  return new Failure(
    'unavailable',
    'The database at {host} cannot be used: {problem}. Check DATABASE_URL.',
    { host, problem },
    { cause: error, passes: trouble === 'away' },
  )
}
