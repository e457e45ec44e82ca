import type { NodePgQueryResultHKT } from 'drizzle-orm/node-postgres'
import type { PgDatabase } from 'drizzle-orm/pg-core'
import type { PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import { openDirectory } from './directory.ts'
import type { Trouble } from './errors.ts'
import { openPostgres } from './postgres.ts'

/** One type for PGlite and PostgreSQL: drizzle has a type for each driver; the queries are the same. */
export type Db = PgDatabase<NodePgQueryResultHKT>

export interface Database {
  db: Db
  boss: PgBoss
  kind: 'pglite' | 'postgres'
  /** Lets running jobs end, then closes. */
  close(): Promise<void>
  /** Whether it can write, within a second and without waiting behind others; undefined where it can. */
  trouble(): Promise<Trouble | undefined>
}

/** `memory`: a database that is gone when it is closed, for tests and the sandbox, which know how to open one fast. */
export type Where = { databaseUrl: string } | { dataDir: string } | { memory: (log: Logger) => Promise<Database> }

/** Opens the database with its tables and its job queue up to date. Throws a Failure that says what to do. */
export async function openDatabase(where: Where, log: Logger): Promise<Database> {
  const database = await opened(where, log)
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= database.close()
    return closed
  }
  return { ...database, close }
}

function opened(where: Where, log: Logger) {
  if ('databaseUrl' in where) return openPostgres(where.databaseUrl, log)
  if ('dataDir' in where) return openDirectory(where.dataDir, log)
  return where.memory(log)
}
