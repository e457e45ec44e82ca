import { createHmac } from 'node:crypto'
import { asc, desc, gt, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Bot, Db } from '../context.ts'
import { canonical } from '../core/canonical-json.ts'
import type { Sentence } from '../core/i18n.ts'
import type { Keys } from '../core/keys.ts'
import { audit as table } from '../db/schema.ts'

type Row = typeof table.$inferSelect

/** The end of the chain at some moment: two of them, kept apart, show whether the record between was rewritten. */
export interface Head {
  position: number
  seal: string
}

type Chain = Pick<Bot, 'db' | 'keys'>

const batch = 1_000
// Any number, always the same: one sealer at a time, on whatever replica.
const sealing = 7_145_003
const beginning: Head = { position: 0, seal: '' }

/** The `seal-audit` job: gives rows that have none their place in the chain. The head goes to the log, where the database cannot rewrite it. */
export async function sealAudit(bot: Chain & Pick<Bot, 'log'>) {
  let count = batch
  while (count === batch) {
    const sealed = await bot.db.transaction((tx) => sealSome(bot, tx))
    count = sealed.count
    if (count > 0) bot.log.info({ count, head: sealed.head }, 'audit sealed')
  }
}

// Appending a row waits for nothing; only sealers wait for each other.
async function sealSome({ keys, log }: Pick<Bot, 'keys' | 'log'>, tx: Db) {
  await tx.execute(sql`select pg_advisory_xact_lock(${sealing})`)
  const rows = await tx.select().from(table).where(isNull(table.position)).orderBy(asc(table.id)).limit(batch)
  let head = await headOf(tx)
  const seals = rows.flatMap((row) => {
    try {
      head = linked(keys, head, row)
      return [{ id: row.id, ...head }]
    } catch (err) {
      // It stays unsealed, and `audit verify` counts it; those behind it are sealed.
      log.error({ err, row: row.id }, 'a row of the audit could not be sealed')
      return []
    }
  })
  if (seals.length > 0) {
    await tx.execute(sql`update audit set position = given.position, seal = given.seal
      from jsonb_to_recordset(${JSON.stringify(seals)}::jsonb) as given(id bigint, position bigint, seal text) where audit.id = given.id`)
  }
  return { count: seals.length, head }
}

function linked({ id, chain }: Keys, before: Head, row: Row): Head {
  const position = before.position + 1
  const hmac = createHmac('sha256', chain).update(canonical([before.seal, { ...row, position, seal: null }]))
  return { position, seal: `${id}:${hmac.digest('hex')}` }
}

async function headOf(db: Db): Promise<Head> {
  const [last] = await db.select().from(table).where(isNotNull(table.position)).orderBy(desc(table.position)).limit(1)
  return last ? placeOf(last) : beginning
}

export interface Verdict {
  sealed: number
  unsealed: number
  head: Head | undefined
  /** The first place where the record is not what was sealed. */
  broken?: { position: number; why: Sentence }
}

/** Reads the whole record again and says where it was changed. Heads from the log show whether its end was cut off or rewritten. */
export async function verifyAudit({ db, keys }: Chain, heads: Head[] = []): Promise<Verdict> {
  const unsealed = await db.$count(table, isNull(table.position))
  const expected = new Map(heads.map(({ position, seal }) => [position, seal]))
  let head = beginning
  let rows = await after(db, head)
  for (; rows.length > 0; rows = await after(db, head)) {
    for (const row of rows) {
      const why = problemOf(keys, head, row, expected)
      if (why) return { sealed: head.position, unsealed, head, broken: { position: head.position + 1, why } }
      head = placeOf(row)
    }
  }
  const cut = heads.find(({ position }) => position > head.position)
  const counts = { sealed: head.position, unsealed, head: head === beginning ? undefined : head }
  return cut
    ? {
        ...counts,
        broken: {
          position: head.position + 1,
          why: problem('The record ends at {position}, but it once reached {reached}.', { position: head.position, reached: cut.position }),
        },
      }
    : counts
}

function problemOf(keys: Keys, head: Head, row: Row, expected: Map<number, string>): Sentence | undefined {
  const { position, seal } = linked(keys, head, row)
  if (row.position !== position) return problem('The row at position {position} is missing.', { position })
  if (!row.seal?.startsWith(`${keys.id}:`))
    return problem('The row at position {position} was sealed with another SECRETS_KEY.', { position })
  if (row.seal !== seal) return problem('The row at position {position} is not the one that was sealed.', { position })
  if (expected.has(position) && expected.get(position) !== seal)
    return problem('The record was rewritten up to position {position}.', { position })
}

function problem(message: string, values: Sentence['values']): Sentence {
  return { message, values }
}

function after(db: Db, { position }: Head) {
  return db.select().from(table).where(gt(table.position, position)).orderBy(asc(table.position)).limit(batch)
}

function placeOf({ position, seal }: Row): Head {
  return { position: Number(position), seal: String(seal) }
}
