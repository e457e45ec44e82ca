import { Client } from 'pg'
import { pino } from 'pino'
import { openDatabase } from '../../src/db/open.ts'
import { makeQueues } from '../../src/db/queues.ts'
import { fingerprint, restoring } from './pristine.ts'

/** Makes an empty database one that a bot finds as it left it: all tables, all queues. Says how to make a copy like it again. */
export async function migratedDatabase(address: string) {
  const { boss, close } = await openDatabase({ databaseUrl: address }, pino({ level: 'silent' }))
  await makeQueues(boss)
  await close()
  const client = new Client({ connectionString: address })
  await client.connect()
  const { rows } = await client.query<{ fingerprint: string }>(fingerprint)
  const restore = await restoring(client)
  await client.end()
  return { address, fingerprint: rows[0]?.fingerprint ?? '', restore }
}

export type Migrated = Awaited<ReturnType<typeof migratedDatabase>>
