import { Pool } from 'pg'
import { inject } from 'vitest'
import { openMemory } from '../../src/sandbox/start/memory-database.ts'

const migrated = inject('migrated')
const server = new Pool({ connectionString: migrated.replace(/[^/]+$/, 'postgres'), max: 1, allowExitOnIdle: true })
let made = 0

/**
 * A database with all tables for one bot: a copy on the run's PostgreSQL, or PGlite in memory as in the sandbox with
 * `TEST_DATABASE=pglite`. `drop`: when the bot has stopped.
 */
export async function ownDatabase() {
  if (process.env.TEST_DATABASE === 'pglite') return { where: { memory: openMemory }, drop: async () => {} }
  made += 1
  const name = `own_${process.pid}_${made}`
  await server.query(`create database ${name} template ${new URL(migrated).pathname.slice(1)} strategy file_copy`)
  return {
    where: { databaseUrl: migrated.replace(/[^/]+$/, name), pool: 4 },
    drop: async () => void (await server.query(`drop database ${name} with (force)`)),
  }
}
