import { fileURLToPath } from 'node:url'
import { readMigrationFiles } from 'drizzle-orm/migrator'

/** drizzle-kit and the queries name columns alike: `createdAt` is `created_at`. */
export const casing = 'snake_case'

export const migrations = { migrationsFolder: fileURLToPath(new URL('./migrations', import.meta.url)) }

/** Identifies the schema of the tables: the hash of every migration, and its time, by which drizzle tells which are still to be run. */
export function migrationHashes() {
  return readMigrationFiles(migrations).map(({ hash, folderMillis }) => `${hash} ${folderMillis}`)
}
