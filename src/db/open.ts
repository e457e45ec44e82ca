import type { PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import type { Db } from '../context.ts'
import { openDirectory } from './directory.ts'
import type { Trouble } from './errors.ts'
import { openMemory } from './memory.ts'
import { openPostgres } from './postgres.ts'

export interface Database {
  db: Db
  boss: PgBoss
  kind: 'pglite' | 'postgres'
  /** Lets running jobs end, then closes. */
  close(): Promise<void>
  /** Whether it can write, within a second and without waiting behind others; undefined where it can. */
  trouble(): Promise<Trouble | undefined>
}

export type Where = { databaseUrl: string } | { dataDir: string } | { memory: true }

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
  return openMemory(log)
}
