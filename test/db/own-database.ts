import { Pool } from 'pg'
import { inject } from 'vitest'
import { openMemory } from '../../src/sandbox/start/memory-database.ts'

// Not there without test/db/shared-server.ts: in the tests of the page.
const migrated: string | undefined = inject('migrated')
const server =
  migrated === undefined ? undefined : new Pool({ connectionString: databaseOf(migrated, 'postgres'), max: 1, allowExitOnIdle: true })
let made = 0

/** The database of a bot that a test says nothing of: `ownPostgres`, or with `TEST_DATABASE=pglite` PGlite as in the sandbox. */
export async function ownDatabase() {
  const isEmbedded = server === undefined || process.env.TEST_DATABASE === 'pglite'
  return isEmbedded ? { where: { memory: openMemory }, drop: async () => {} } : ownPostgres()
}

/** A copy of a database with all tables, on the PostgreSQL server of the run. `drop`: when its bots have stopped. */
export async function ownPostgres() {
  if (server === undefined || migrated === undefined) throw new Error('this run has no PostgreSQL server')
  made += 1
  const name = `own_${process.pid}_${made}`
  await server.query(`create database ${name} template ${new URL(migrated).pathname.slice(1)} strategy file_copy`)
  return {
    where: { databaseUrl: databaseOf(migrated, name) },
    drop: async () => void (await server.query(`drop database ${name} with (force)`)),
  }
}

function databaseOf(address: string, name: string) {
  return address.replace(/[^/]+$/, name)
}
