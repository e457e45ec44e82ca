import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import type { Logger } from 'pino'
import { anHour } from '../core/durations.ts'
import { jobsMayEnd, lookSoonAfterSending, newBoss } from './boss.ts'
import type { Database } from './database.ts'
import { guard } from './guard.ts'
import { probe, troubleWith } from './health.ts'
import { type Hosts, hostsOf } from './hosts.ts'
import { casing } from './migrate.ts'
import { openPool, useOf } from './pool.ts'
import { prepare, unusable } from './prepare.ts'

// Milliseconds until an attempt to connect fails.
const connectLimit = 5_000

interface Options {
  /** Connections for statements (DATABASE_POOL), besides five for jobs and readiness. */
  pool?: number
  moving?: boolean
  /** What a connection is made of, instead of a new socket. */
  stream?: Hosts['stream']
}

/** PostgreSQL, for several replicas. */
export async function openPostgres(
  databaseUrl: string,
  log: Logger,
  { pool: max = 10, moving = false, stream }: Options = {},
): Promise<Database> {
  const { named, ...hosts } = { ...hostsOf(databaseUrl), ...(stream && { stream }) }
  const { isPooled } = await prepare({ named, ...hosts }, log, moving)
  if (isPooled) log.info('DATABASE_URL leads to a connection pooler: the job queues are polled every two seconds instead of being notified')
  const boss = newBoss(log, {
    ...hosts,
    max: 4,
    application_name: 'quaymaster jobs',
    connectionTimeoutMillis: connectLimit,
    // LISTEN belongs to a connection, which a pooler gives to somebody else after every transaction.
    useListenNotify: !isPooled,
  })
  if (isPooled) lookSoonAfterSending(boss)
  await boss.start().catch(async (error: unknown) => {
    await boss.stop({ graceful: false }).catch(() => undefined)
    throw unusable(named, error)
  })
  const pool = openPool(hosts, log, {
    ...{ max, application_name: 'quaymaster', connectionTimeoutMillis: connectLimit },
    // Large tables are compared as a whole.
    ...(moving && { limit: anHour }),
  })
  // A connection of its own, so that readiness waits for nothing else.
  const slot = openPool(hosts, log, { max: 1, application_name: 'quaymaster health', connectionTimeoutMillis: 800 })
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
