import type { Environment } from '../../core/config.ts'
import { openDatabase } from '../../db/open.ts'
import { makeQueues } from '../../db/queues.ts'
import { storageOf } from '../storage.ts'
import { runTool } from './tool.ts'

/** `npm run migrate`: creates or updates the tables and job queues of PostgreSQL, for a bot whose own user may not. */
export async function migrateTables(environment: Environment): Promise<string> {
  const { databaseUrl, where, log } = storageOf(environment)
  if (databaseUrl === undefined)
    return 'DATABASE_URL is not set. The embedded database is updated at every start, so there is nothing to do.'
  const database = await openDatabase(where, log)
  await makeQueues(database.boss).finally(() => database.close())
  return 'The tables are up to date.'
}

if (import.meta.main) await runTool('migrate', migrateTables)
