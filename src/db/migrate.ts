import { fileURLToPath } from 'node:url'
import { readMigrationFiles } from 'drizzle-orm/migrator'

/** drizzle-kit and the queries name columns alike: `createdAt` is `created_at`. */
export const casing = 'snake_case'

export const migrations = { migrationsFolder: fileURLToPath(new URL('./migrations', import.meta.url)) }

/** Identifies the schema of the tables: every migration by its hash, and by its time, by which the migrator tells what is applied. */
export function migrationHashes() {
  return readMigrationFiles(migrations).map(({ hash, folderMillis }) => `${hash} ${folderMillis}`)
}
