import { and, asc, desc, gt, lte, sql } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import type { Keys } from '../core/keys.ts'
import type { Db } from '../db/database.ts'
import { auditStubs, audit as table } from '../db/schema.ts'
import { beginning, checkSeal, type Head, isProof, proofOf, type Row, sealingLock } from './audit-seal.ts'

type Stub = typeof auditStubs.$inferSelect

/** Where the removed part of the chain ends. `unknown`: removed entries that cannot be checked with the ring. */
export type StubsEnd = Head & { unknown: number; lastId: number; through: Date | undefined; broken?: number }

const none: StubsEnd = { ...beginning, unknown: 0, lastId: 0, through: undefined }

function provenOf(before: Head, { position, seal, removed, unknown, lastId, from, through }: Omit<Stub, 'proof' | 'at'>) {
  return [before.position, before.seal, position, seal, removed, unknown, lastId, from, through]
}

/**
 * Reads the stubs in order. `broken`: the position of the first that is not as it was written. One of a key that is no longer in the
 * ring makes its entries unknown.
 */
export async function endOfStubs(db: Db, keys: Keys): Promise<StubsEnd> {
  const stubs = await db.select().from(auditStubs).orderBy(asc(auditStubs.position))
  let end = none
  for (const stub of stubs) {
    const isKnown = keys.ring.some(({ id }) => id === stub.proof.split(':')[0])
    const isTrue = stub.removed === stub.position - end.position && isProof(keys, stub.proof, 'audit stub', provenOf(end, stub))
    if (isKnown && !isTrue) return { ...end, broken: stub.position }
    const { position, seal, lastId, through } = stub
    end = { position, seal, lastId, through, unknown: end.unknown + (isKnown ? stub.unknown : stub.removed) }
  }
  return end
}

/** The end of the removed part, without checking it: what the next seal follows where no entry is left. */
export async function headOfStubs(db: Db): Promise<Head> {
  const [last] = await db.select().from(auditStubs).orderBy(desc(auditStubs.position)).limit(1)
  return last ? { position: last.position, seal: last.seal } : beginning
}

const batch = 2_000

type Remover = Pick<Bot, 'db' | 'keys' | 'log' | 'clock'>

/**
 * Removes the oldest entries of the audit log, all before a time, and leaves signed stubs in their place. Entries that were changed
 * stay, and whatever follows them: only what is intact may go. Unsealed ones stay, too.
 */
export async function removeOldAudit(bot: Remover, before: Date): Promise<void> {
  while ((await bot.db.transaction((tx) => removeSome(bot, tx, before))) === batch);
}

async function removeSome({ keys, log, clock }: Remover, tx: Db, before: Date): Promise<number> {
  // No other replica removes or seals meanwhile.
  await tx.execute(sql`select pg_advisory_xact_lock(${sealingLock})`)
  const end = await endOfStubs(tx, keys)
  if (end.broken !== undefined) {
    log.error({ position: end.broken }, 'a stub of the audit log was changed: nothing is removed')
    return 0
  }
  const rows = await tx.select().from(table).where(gt(table.position, end.position)).orderBy(asc(table.position)).limit(batch)
  const { last, old, unknown, broken } = oldest(keys, end, rows, before)
  if (broken) log.error({ position: last.position + 1 }, 'an entry of the audit log was changed: nothing after it is removed')
  const [first] = old
  if (!first) return 0
  const times = old.map(({ at }) => at.getTime())
  const stub = {
    ...{ position: last.position, seal: last.seal, removed: old.length, unknown },
    lastId: Math.max(end.lastId, ...old.map(({ id }) => id)),
    from: new Date(Math.min(...times)),
    through: new Date(Math.max(...times)),
  }
  const proof = proofOf(keys, 'audit stub', provenOf(end, stub))
  await tx.insert(auditStubs).values({ ...stub, proof, at: new Date(clock()) })
  await tx.delete(table).where(and(gt(table.position, end.position), lte(table.position, last.position)))
  log.info({ removed: old.length, head: { position: last.position, seal: last.seal } }, 'old entries of the audit log removed')
  return old.length
}

/** The entries that follow one another, are intact, and are all older. */
function oldest(keys: Keys, end: Head, rows: Row[], before: Date) {
  let last: Head = end
  let unknown = 0
  const old: Row[] = []
  for (const row of rows) {
    if (row.at >= before) break
    const found = row.position === last.position + 1 ? checkSeal(keys, last, row) : 'changed'
    if (found === 'changed') return { last, old, unknown, broken: true }
    last = { position: last.position + 1, seal: String(row.seal) }
    unknown += found === 'unknown' ? 1 : 0
    old.push(row)
  }
  return { last, old, unknown, broken: false }
}
