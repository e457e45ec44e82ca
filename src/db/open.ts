import type { Logger } from 'pino'
import type { Database, Where } from './database.ts'
import { openDirectory } from './directory.ts'
import { openPostgres } from './postgres.ts'

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
  if ('databaseUrl' in where) return openPostgres(where.databaseUrl, log, where)
  if ('dataDir' in where) return openDirectory(where.dataDir, log)
  return where.memory(log)
}
