import { fileURLToPath } from 'node:url'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import type { Client } from 'pg'

/** drizzle-kit and the queries name columns alike: `createdAt` is `created_at`. */
export const casing = 'snake_case'

export const migrations = { migrationsFolder: fileURLToPath(new URL('./migrations', import.meta.url)) }

// They do not change while a process runs.
let read: ReturnType<typeof readMigrationFiles> | undefined

function migrationFiles() {
  read ??= readMigrationFiles(migrations)
  return read
}

/** Identifies the schema of the tables: the hash of every migration, and its time, by which drizzle tells which are still to be run. */
export function migrationHashes() {
  return migrationFiles().map(({ hash, folderMillis }) => `${hash} ${folderMillis}`)
}

/** Whether every migration was run. It only reads, so that a user who may create nothing can ask. */
export async function isCurrent(client: Pick<Client, 'query'>): Promise<boolean> {
  const { rows: known } = await client.query(`select to_regclass('drizzle.__drizzle_migrations') is not null as there`)
  if (!known[0]?.there) return false
  const { rows } = await client.query('select max(created_at)::float8 as newest from drizzle.__drizzle_migrations')
  return (rows[0]?.newest ?? 0) >= Math.max(...migrationFiles().map(({ folderMillis }) => folderMillis))
}
