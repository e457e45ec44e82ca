import { pino } from 'pino'
import { openDatabase } from '../../src/db/open.ts'
import { makeQueues } from '../../src/db/queues.ts'

/** Makes an empty database one that a bot finds as it left it: all tables, all queues. Gives its address back. */
export async function migratedDatabase(databaseUrl: string) {
  const { boss, close } = await openDatabase({ databaseUrl }, pino({ level: 'silent' }))
  await makeQueues(boss)
  await close()
  return databaseUrl
}
