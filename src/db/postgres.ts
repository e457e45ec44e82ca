import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import { Client, Pool } from 'pg'
import type { Logger } from 'pino'
import { Failure } from '../core/failure.ts'
import { jobsMayEnd, newBoss } from './boss.ts'
import { isHealthy } from './health.ts'
import { casing, migrations } from './migrate.ts'
import type { Database } from './open.ts'

// Any number, always the same: the lock under which replicas that start together bring the tables up to date.
const startUp = 7_145_002

/** PostgreSQL, for several replicas. */
export async function openPostgres(connectionString: string, log: Logger): Promise<Database> {
  const boss = newBoss(log, { connectionString, max: 4, application_name: 'quaymaster jobs' })
  await alone(connectionString, async (client) => {
    await migrate(drizzle(client, { casing }), migrations)
    await boss.start()
  })
  const pool = new Pool({
    connectionString,
    max: 10,
    application_name: 'quaymaster',
    connectionTimeoutMillis: 10_000,
    statement_timeout: 30_000,
  })
  // A connection that breaks while nobody uses it; the next query opens another.
  pool.on('error', (err) => log.warn({ err }, 'a database connection broke'))
  return {
    db: drizzle(pool, { casing }),
    boss,
    kind: 'postgres',
    close: async () => {
      await boss.stop(jobsMayEnd)
      await pool.end()
    },
    healthy: () => isHealthy(pool.query('select 1')),
  }
}

/** Runs `work` while no other replica runs its own. The lock is the connection's, so it dies with the process. */
async function alone(connectionString: string, work: (client: Client) => Promise<void>) {
  const client = new Client({ connectionString, connectionTimeoutMillis: 10_000 })
  await client.connect().catch((error: Error) => {
    throw unreachable(connectionString, error)
  })
  try {
    await client.query('select pg_advisory_lock($1)', [startUp])
    await work(client)
  } finally {
    await client.end()
  }
}

function unreachable(connectionString: string, cause: Error) {
  const { host } = new URL(connectionString)
  const problem = cause.message || ('code' in cause ? String(cause.code) : 'no answer')
  return new Failure('unavailable', 'The database at {host} cannot be used: {problem}. Check DATABASE_URL.', { host, problem }, { cause })
}
