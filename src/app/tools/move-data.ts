import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { enqueue } from '../../context.ts'
import type { Environment } from '../../core/config.ts'
import { Failure } from '../../core/failure.ts'
import { type Keys, secretsKey } from '../../core/keys.ts'
import { slash } from '../../core/slash-command.ts'
import type { Database, Db } from '../../db/database.ts'
import { markMoved } from '../../db/directory.ts'
import { endMove, moveRows } from '../../db/move.ts'
import { openDatabase } from '../../db/open.ts'
import { type Job, makeQueues, queues } from '../../db/queues.ts'
import { verifyAudit } from '../../security/audit-log.ts'
import { storageOf } from '../storage.ts'
import { runTool } from './tool.ts'

/**
 * `npm run move-data`: copies the embedded database in DATA_DIR into the empty one of DATABASE_URL, and compares both. Interrupted, it
 * goes on where it was. Afterwards the embedded one is not started any more.
 */
export async function moveData(environment: Environment): Promise<string> {
  const storage = storageOf(environment)
  const { dataDir, databaseUrl, log } = storage
  if (databaseUrl === undefined)
    throw new Failure('invalid', 'DATABASE_URL is missing. Set it to an empty database, to which the data move.')
  if (!existsSync(join(dataDir, 'pglite')))
    throw new Failure('invalid', 'The directory {directory} has no embedded database. Set DATA_DIR to where it is.', { directory: dataDir })
  const keys = await storage.keys()
  await requireKeysOf(dataDir, keys)
  const source = await openDatabase({ dataDir }, log)
  try {
    const target = await openDatabase({ databaseUrl, pool: 2, moving: true }, log)
    try {
      const moved = await moveRows(source.db, target.db, await idOf(source.db))
      const audit = await compareAudits(source, target, keys)
      await makeQueues(target.boss)
      await finish(source.db, target)
      await markMoved(dataDir)
      const full = Object.entries(moved).filter(([, { rows }]) => rows > 0)
      return [
        ...full.map(([table, { rows }]) => `${table}: ${rows}`),
        audit,
        `Both databases hold the same. Start Quaymaster with DATABASE_URL and this SECRETS_KEY; ${dataDir} is not used any more.`,
      ].join('\n')
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

/** What was sealed with the key in DATA_DIR must still be opened when only SECRETS_KEY is left. */
async function requireKeysOf(dataDir: string, keys: Keys) {
  const file = join(dataDir, 'secrets.key')
  if (!existsSync(file)) return
  const { ring } = await secretsKey({ dataDir })
  if (ring.every(({ id }) => keys.ring.some((one) => one.id === id))) return
  throw new Failure('conflict', 'SECRETS_KEY lacks the key in {file}. Add what is in that file to it, behind a comma.', { file })
}

/** Tells one embedded database from another. */
async function idOf(db: Db): Promise<string> {
  const { rows } = await db.execute<{ id: string }>(sql`select system_identifier::text as id from pg_control_system()`)
  return rows[0]?.id ?? ''
}

async function compareAudits({ db: source }: Database, { db: target }: Database, keys: Keys): Promise<string> {
  const [there, here] = [await verifyAudit({ db: source, keys, clock: Date.now }), await verifyAudit({ db: target, keys, clock: Date.now })]
  if (JSON.stringify(there) !== JSON.stringify(here))
    throw new Failure('conflict', 'The audit log of DATABASE_URL is not that of DATA_DIR. Empty the target and run it again.')
  if (there.broken) return `The audit log is the same on both sides, and was changed before: see ${slash('audit verify')}.`
  return `The audit log is intact on both sides: ${there.sealed} entries signed, ${there.unsealed} not yet${there.unknown > 0 ? `, ${there.unknown} with keys that are not in SECRETS_KEY` : ''}.`
}

// All other work is found again by its rows.
const carried: Job[] = ['note-request', 'export-logs']

/** One transaction: the jobs that no row stands for, and the end of the move. */
async function finish(source: Db, target: Database) {
  const { rows } = await source.execute<{ name: Job; data: unknown }>(
    sql`select name, data from pgboss.job where state in ('created', 'retry', 'active') and name in (${sql.join(
      carried.map((name) => sql`${name}`),
      sql`, `,
    )})`,
  )
  await target.db.transaction(async (tx) => {
    for (const { name, data } of rows) await enqueue(target, tx, name, queues[name].data.parse(data))
    await endMove(tx)
  })
}

if (import.meta.main) await runTool('move the data', moveData)
