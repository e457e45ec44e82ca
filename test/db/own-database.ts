import { Pool } from 'pg'
import { inject } from 'vitest'
import type { Where } from '../../src/db/database.ts'
import { openMemory } from '../../src/sandbox/start/memory-database.ts'
import { keptConnections } from './kept-connections.ts'
import { fingerprint } from './pristine.ts'

// Not there without test/db/shared-server.ts: in the tests of the page.
const migrated = inject('migrated')
const server =
  migrated === undefined
    ? undefined
    : new Pool({ connectionString: databaseOf(migrated.address, 'postgres'), max: 1, allowExitOnIdle: true })
// The run ends it.
server?.on('error', () => undefined)
let made = 0

/** The database of a bot that a test says nothing of: `keptPostgres`, or with `TEST_DATABASE=pglite` PGlite as in the sandbox. */
export async function ownDatabase(): Promise<{ where: Where; drop(): Promise<void>; query?: Pool['query'] }> {
  const isEmbedded = migrated === undefined || process.env.TEST_DATABASE === 'pglite'
  return isEmbedded ? { where: { memory: openMemory }, drop: async () => {} } : keptPostgres()
}

/** A copy of a database with all tables, on the PostgreSQL server of the run. `drop`: when its bots have stopped. */
export async function ownPostgres() {
  if (server === undefined || migrated === undefined) throw new Error('this run has no PostgreSQL server')
  made += 1
  const name = `own_${process.pid}_${made}`
  await server.query(`create database ${name} template ${new URL(migrated.address).pathname.slice(1)} strategy file_copy`)
  return {
    where: { databaseUrl: databaseOf(migrated.address, name) },
    drop: async () => void (await server.query(`drop database ${name} with (force)`)),
  }
}

/**
 * As `startPostgres`, for tests to which any server will do: the databases are copies of one with all tables, on the server of the run.
 * `npm run test:pgbouncer`: empty ones of a server of their own, behind PgBouncer.
 */
export async function postgresOfRun() {
  if (process.env.THROUGH_PGBOUNCER || migrated === undefined) return (await import('./start-postgres.ts')).startPostgres()
  const all: { drop(): Promise<void> }[] = []
  return {
    database: async () => {
      const one = await ownPostgres()
      all.push(one)
      return one.where.databaseUrl
    },
    stop: async () => {
      for (const one of all) await one.drop()
    },
  }
}

type KeptDatabase = Awaited<ReturnType<typeof newKept>>

// Those that no bot uses at the moment.
const free: KeptDatabase[] = []

/**
 * A database with all tables and no rows of earlier tests, which is kept for later tests with its connections: to make it and them
 * takes longer than most tests. One whose tables were changed, or that is used on when its bots have stopped, is dropped.
 */
export async function keptPostgres() {
  const kept = free.pop() ?? (await newKept())
  return {
    where: { databaseUrl: kept.where.databaseUrl, stream: kept.connections.stream },
    query: kept.own.query.bind(kept.own) as Pool['query'], // bind loses its overloads
    drop: async () => {
      if (await isAsNew(kept)) return void free.push(kept)
      kept.connections.close()
      await kept.own.end()
      await kept.drop()
    },
  }
}

async function newKept() {
  const { where, drop } = await ownPostgres()
  const own = new Pool({ connectionString: where.databaseUrl, max: 1, allowExitOnIdle: true, idleTimeoutMillis: 0 })
  // A test may end all connections of its database, and the run ends the server.
  own.on('error', () => undefined)
  return { where, drop, own, connections: keptConnections(), uses: 0 }
}

// Each has some eighteen connections, and the server as many as it was told. Most files need one or two at once.
const mostFree = 3

// Rows that were deleted take place until the database is dropped: nothing vacuums it.
const mostUses = 40

/** Gives it the rows of a new one. False: it is none that a new one is like, or there are enough. */
async function isAsNew(kept: KeptDatabase) {
  kept.uses += 1
  if (!migrated || free.length >= mostFree || kept.uses >= mostUses || !(await kept.connections.areFree())) return false
  try {
    const { rows } = await kept.own.query(fingerprint)
    if (rows[0]?.fingerprint !== migrated.fingerprint) return false
    await kept.own.query(migrated.restore)
    return true
  } catch {
    return false
  }
}

function databaseOf(address: string, name: string) {
  return address.replace(/[^/]+$/, name)
}
