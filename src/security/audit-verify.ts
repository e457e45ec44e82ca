import { and, asc, desc, gt, isNull, lte, sql } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import type { Sentence } from '../core/i18n.ts'
import type { Keys } from '../core/keys.ts'
import type { Db } from '../db/database.ts'
import { auditCheckpoints, audit as table } from '../db/schema.ts'
import { type Gaps, gapsIn } from './audit-gaps.ts'
import { checkSeal, type Head, isProof, proofOf, type Row } from './audit-seal.ts'
import { endOfStubs } from './audit-stubs.ts'

export interface Verdict {
  /** Number of entries verified now and before; `unknown` of them were sealed with another key or by a later release. */
  sealed: number
  unknown: number
  unsealed: number
  head: Head | undefined
  /** The position up to which an earlier verification is trusted. */
  relied: number
  /** The position up to which the operator’s retention has removed the entries and left stubs. */
  removed: number
  /** There are more sealed entries than one run reads. */
  more: boolean
  /** Entry numbers without an entry: deleted entries and rolled-back transactions. At most the first five ranges. */
  gaps: Gaps
  /** The first position where the audit log differs from what was sealed. */
  broken?: { position: number; why: Sentence }
}

interface Wanted {
  /** Hashes that were kept outside the database. */
  heads?: Head[]
  /** Continues after the last checkpoint, and writes a new one. */
  goOn?: boolean
  /** Maximum number of entries to read. */
  atMost?: number
}

type Chain = Pick<Bot, 'db' | 'keys' | 'clock'>
type Reached = Head & { unknown: number }

const batch = 1_000

/** Verifies the audit log from the last checkpoint or from its beginning, and reports where it was changed. */
export async function verifyAudit(
  bot: Chain,
  { heads = [], goOn = false, atMost = Number.POSITIVE_INFINITY }: Wanted = {},
): Promise<Verdict> {
  const { db, keys } = bot
  const unsealed = await db.$count(table, isNull(table.position))
  const gaps = await gapsIn(db)
  const stubs = await endOfStubs(db, keys)
  const kept = goOn ? await checkpointOf(db, keys) : undefined
  // Retention may have gone further than the last verification.
  const isKept = kept !== undefined && kept.position > stubs.position
  const start: Reached = isKept ? kept : { position: stubs.position, seal: stubs.seal, unknown: stubs.unknown }
  const verdict = (reached: Reached, more = false) => ({
    ...{ sealed: reached.position, unknown: reached.unknown, unsealed, relied: isKept ? kept.position : 0, removed: stubs.position },
    ...{ more, gaps },
    head: reached.position === 0 ? undefined : { position: reached.position, seal: reached.seal },
  })
  const before = stubs.broken === undefined ? await problemBefore(db, start, stubs, heads) : stubProblem(stubs.broken)
  if (before) return { ...verdict(start), broken: before }
  const { reached, broken, more } = await walk(db, keys, { start, heads, atMost })
  if (broken) return { ...verdict(reached), broken }
  const cut = more ? undefined : cutOff(reached, heads, gaps.count, unsealed)
  if (cut) return { ...verdict(reached), broken: cut }
  if (goOn && reached.position > start.position) await keepCheckpoint(bot, reached)
  return verdict(reached, more)
}

async function walk(db: Db, keys: Keys, { start, heads, atMost }: { start: Reached; heads: Head[]; atMost: number }) {
  const expected = new Map(heads.map(({ position, seal }) => [position, seal]))
  let reached = start
  for (let read = 0; ; ) {
    const rows = await after(db, reached)
    if (rows.length === 0) return { reached, more: false }
    if (read >= atMost) return { reached, more: true }
    for (const row of rows) {
      const found = problemOf(keys, reached, row, expected)
      if (typeof found !== 'string') return { reached, more: false, broken: { position: reached.position + 1, why: found } }
      reached = { position: reached.position + 1, seal: String(row.seal), unknown: reached.unknown + (found === 'unknown' ? 1 : 0) }
    }
    read += rows.length
  }
}

/** Entries verified earlier must still exist, in the same number, and end with the same hash. */
async function problemBefore(db: Db, start: Head, stubs: Head, heads: Head[]): Promise<Verdict['broken']> {
  if (start.position === 0) return undefined
  const there = stubs.position + (await db.$count(table, and(gt(table.position, stubs.position), lte(table.position, start.position))))
  if (there < start.position)
    return {
      position: 1,
      why: problem('{missing, number} of the first {count, number} entries are missing.', {
        count: start.position,
        missing: start.position - there,
      }),
    }
  const known = await db.select().from(table).where(lte(table.position, start.position)).orderBy(desc(table.position)).limit(1)
  const isThere = start.position === stubs.position || known[0]?.seal === start.seal
  const isSame = isThere && !heads.some(({ position, seal }) => position === start.position && seal !== start.seal)
  return isSame ? undefined : { position: start.position, why: rewritten(start.position) }
}

function problemOf(keys: Keys, before: Head, row: Row, expected: Map<number, string>): Sentence | 'intact' | 'unknown' {
  const position = before.position + 1
  if (row.position !== position) return problem('Entry {position} is missing.', { position })
  const found = checkSeal(keys, before, row)
  if (found === 'changed') return problem('Entry {position} was changed after it was signed.', { position })
  if (expected.has(position) && expected.get(position) !== row.seal) return rewritten(position)
  return found
}

/** Checks that are possible only at the end of the chain. */
function cutOff(reached: Head, heads: Head[], missing: number, unsealed: number): Verdict['broken'] {
  const cut = heads.toSorted((one, other) => other.position - one.position).find(({ position }) => position > reached.position)
  const values = { position: reached.position, reached: cut?.position ?? 0 }
  if (cut)
    return {
      position: reached.position + 1,
      why: problem('The audit log ends at entry {position}, but it once reached {reached}.', values),
    }
  if (reached.position === 0 && unsealed === 0 && missing > 0)
    return { position: 1, why: problem('The audit log is empty, but {count, number} entries were started.', { count: missing }) }
  return undefined
}

function stubProblem(position: number): Verdict['broken'] {
  return { position, why: problem('The signed stub of the removed entries up to entry {position} was changed.', { position }) }
}

function rewritten(position: number) {
  return problem('The audit log was rewritten up to entry {position}.', { position })
}

function problem(message: string, values: Sentence['values']): Sentence {
  return { message, values }
}

function after(db: Db, { position }: Head) {
  return db.select().from(table).where(gt(table.position, position)).orderBy(asc(table.position)).limit(batch)
}

function provenOf({ position, seal, unknown }: Reached) {
  return [position, seal, unknown]
}

/** The latest checkpoint that was written with the key. */
async function checkpointOf(db: Db, keys: Keys): Promise<Reached | undefined> {
  const all = await db.select().from(auditCheckpoints).orderBy(desc(auditCheckpoints.position)).limit(10)
  return all.find((one) => isProof(keys, one.proof, 'audit checkpoint', provenOf(one)))
}

async function keepCheckpoint({ db, keys, clock }: Chain, reached: Reached) {
  const row = { ...reached, proof: proofOf(keys, 'audit checkpoint', provenOf(reached)), at: new Date(clock()) }
  await db.insert(auditCheckpoints).values(row).onConflictDoUpdate({ target: auditCheckpoints.position, set: row })
  // A few are enough: checkpoints of other keys are ignored.
  await db
    .delete(auditCheckpoints)
    .where(lte(auditCheckpoints.position, sql`(select position from audit_checkpoints order by position desc offset 10 limit 1)`))
}
