import type { Socket } from 'node:net'
import type { NodePgQueryResultHKT } from 'drizzle-orm/node-postgres'
import type { PgDatabase } from 'drizzle-orm/pg-core'
import type { PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import type { Trouble } from './errors.ts'
import type { PoolUse } from './pool.ts'

/** One type for PGlite and PostgreSQL. drizzle has a type for each driver, but the queries are the same. */
export type Db = PgDatabase<NodePgQueryResultHKT>

export interface Database {
  db: Db
  boss: PgBoss
  kind: 'pglite' | 'postgres'
  /** Waits for running jobs, then closes. */
  close(): Promise<void>
  /** Checks whether it can write, within a second and without waiting for other work; undefined means yes. */
  trouble(): Promise<Trouble | undefined>
  /** Copies an embedded database into a directory, as it is at this moment, while it is in use. */
  copyTo?: (directory: string) => Promise<void>
  /** Connections in use and statements that wait; an embedded database has neither. */
  pool?: () => PoolUse
}

/** `moving`: data are moved into it, which is no time for a bot. `stream`: what a connection is made of, instead of a new socket. `memory`: a database that ends when it is closed, for tests and the sandbox, which can open one quickly. */
export type Where =
  | { databaseUrl: string; pool?: number; moving?: boolean; stream?: () => Socket }
  | { dataDir: string }
  | { memory: (log: Logger) => Promise<Database> }
