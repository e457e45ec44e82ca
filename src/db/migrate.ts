import { fileURLToPath } from 'node:url'
import { readMigrationFiles } from 'drizzle-orm/migrator'

/** Columns are named by drizzle-kit and by the queries alike: `createdAt` is `created_at`. */
export const casing = 'snake_case'

export const migrations = { migrationsFolder: fileURLToPath(new URL('./migrations', import.meta.url)) }

/** What the tables look like, in one word: the hash of every migration. */
export function migrationHashes() {
  return readMigrationFiles(migrations).map(({ hash }) => hash)
}
