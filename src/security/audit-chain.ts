import { asc, desc, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import type { Config } from '../core/config.ts'
import type { Db } from '../db/database.ts'
import { audit as table } from '../db/schema.ts'
import { keepHead } from './audit-heads.ts'
import { type Head, sealed, sealingLock } from './audit-seal.ts'
import { headOfStubs } from './audit-stubs.ts'

const batch = 1_000

type Sealer = Pick<Bot, 'db' | 'keys' | 'log'> & { config?: Pick<Config, 'AUDIT_HEADS_FILE'> }

/**
 * The `seal-audit` job: adds unsealed entries to the chain. The latest hash goes to the log and to AUDIT_HEADS_FILE, where
 * somebody with access to the database cannot rewrite it.
 */
export async function sealAudit(bot: Sealer): Promise<void> {
  let count = batch
  while (count === batch) {
    const done = await bot.db.transaction((tx) => sealSome(bot, tx))
    count = done.count
    if (count === 0) return
    bot.log.info({ count, head: done.head }, 'audit log signed')
    await keepHead(bot.config?.AUDIT_HEADS_FILE, done.head).catch((err: unknown) =>
      bot.log.error({ err }, 'AUDIT_HEADS_FILE cannot be written'),
    )
  }
}

// Writers of entries never wait; only sealers wait for each other.
async function sealSome({ keys, log }: Pick<Bot, 'keys' | 'log'>, tx: Db) {
  await tx.execute(sql`select pg_advisory_xact_lock(${sealingLock})`)
  const rows = await tx.select().from(table).where(isNull(table.position)).orderBy(asc(table.id)).limit(batch)
  let head = await headOf(tx)
  const seals = rows.flatMap((row) => {
    try {
      head = sealed(keys, head, row)
      return [{ id: row.id, ...head }]
    } catch (err) {
      // It stays unsealed, which `audit verify` reports; later entries are sealed.
      log.error({ err, row: row.id }, 'could not sign an entry of the audit log')
      return []
    }
  })
  if (seals.length > 0) {
    await tx.execute(sql`update audit set position = given.position, seal = given.seal
      from jsonb_to_recordset(${JSON.stringify(seals)}::jsonb) as given(id bigint, position bigint, seal text) where audit.id = given.id`)
  }
  return { count: seals.length, head }
}

async function headOf(db: Db): Promise<Head> {
  const [last] = await db.select().from(table).where(isNotNull(table.position)).orderBy(desc(table.position)).limit(1)
  return last ? { position: Number(last.position), seal: String(last.seal) } : headOfStubs(db)
}
