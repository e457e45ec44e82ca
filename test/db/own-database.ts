import { Pool } from 'pg'
import { inject } from 'vitest'
import { openMemory } from '../../src/sandbox/start/memory-database.ts'

const migrated = inject('migrated')
const server = new Pool({ connectionString: migrated.replace(/[^/]+$/, 'postgres'), max: 1, allowExitOnIdle: true })
let made = 0

/** The database of a bot that a test says nothing of: `ownPostgres`, or with `TEST_DATABASE=pglite` PGlite as in the sandbox. */
export async function ownDatabase() {
  return process.env.TEST_DATABASE === 'pglite' ? { where: { memory: openMemory }, drop: async () => {} } : ownPostgres()
}

/** A copy of a database with all tables, on the PostgreSQL server of the run. `drop`: when its bots have stopped. */
export async function ownPostgres() {
  made += 1
  const name = `own_${process.pid}_${made}`
  await server.query(`create database ${name} template ${new URL(migrated).pathname.slice(1)} strategy file_copy`)
  return {
    where: { databaseUrl: migrated.replace(/[^/]+$/, name) },
    drop: async () => void (await server.query(`drop database ${name} with (force)`)),
  }
}
