import type { NodePgQueryResultHKT } from 'drizzle-orm/node-postgres'
import type { PgDatabase } from 'drizzle-orm/pg-core'
import type { PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import type { Trouble } from './errors.ts'

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
