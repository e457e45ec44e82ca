import { and, desc, eq, gte, isNull, lt, lte, or, type SQL } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import type { Sentence } from '../core/i18n.ts'
import type { Db } from '../db/database.ts'
import { type Phase, audit as table } from '../db/schema.ts'
import type { Person } from './identity.ts'

export { sealAudit } from './audit-chain.ts'
export { keptHeads } from './audit-heads.ts'
export type { Head } from './audit-seal.ts'
export { verifyAudit } from './audit-verify.ts'
export type { Phase }

export interface AuditRow {
  reference: string
  phase: Phase
  person: Pick<Person, 'id' | 'team' | 'name' | 'account'>
  operation: string
  /** Values of known fields that are not credentials; of unknown fields only the name (docs/SECURITY.md rule 20). */
  input: Record<string, unknown>
  /** The permission that was found, in words. */
  right?: string | undefined
  /** The rule of the policy that applied. */
  rule?: string | undefined
  outcome?: Sentence | undefined
  /** The changing call of Quay: `POST /repository`. */
  call?: string | undefined
  request?: string | undefined
}

/** Writes one entry of the audit log, in the transaction of what it records. */
export async function audit(bot: Pick<Bot, 'clock'>, tx: Db, { person, ...row }: AuditRow) {
  const { id, team, name, account = null } = person
  await tx.insert(table).values({ ...row, at: new Date(bot.clock()), team, person: id, name, account })
}

export type Audited = typeof table.$inferSelect

export interface AuditFilters {
  person?: string | undefined
  account?: string | undefined
  operation?: string | undefined
  phase?: Phase | undefined
  reference?: string | undefined
  request?: string | undefined
  from?: Date | undefined
  /** Exclusive. */
  until?: Date | undefined
}

/** Entries of the audit log, newest first, 20 at a time unless said; `next` is the value for `page`. Each filter has an index in this order. */
export async function listAudit(
  { db }: Pick<Bot, 'db'>,
  { filters = {}, page, limit = 20 }: { filters?: AuditFilters; page?: string | undefined; limit?: number | undefined } = {},
) {
  const rows = await db
    .select()
    .from(table)
    .where(and(after(page), ...conditions(filters)))
    .orderBy(desc(table.at), desc(table.id))
    .limit(limit + 1)
  const entries = rows.slice(0, limit)
  const last = entries.at(-1)
  return { entries, ...(rows.length > limit && last && { next: `${last.at.getTime()} ${last.id}` }) }
}

/** What stands behind the last entry of a page. */
function after(page: string | undefined) {
  if (page === undefined) return undefined
  const [at = '', id] = page.split(' ')
  // A page of the release before has only the id.
  if (id === undefined) return lt(table.id, Number(at))
  const moment = new Date(Number(at))
  // The first condition is for the index, the second one for entries of the same millisecond.
  return and(lte(table.at, moment), or(lt(table.at, moment), lt(table.id, Number(id))))
}

function conditions({ from, until, ...exact }: AuditFilters): SQL[] {
  const equal = Object.entries(exact).filter(([, value]) => value !== undefined)
  return [
    // The filters have the names of the columns.
    ...equal.map(([name, value]) => eq(table[name as keyof typeof exact], value)),
    ...(from ? [gte(table.at, from)] : []),
    ...(until ? [lt(table.at, until)] : []),
  ]
}

/** Number of entries that are not sealed yet. */
export function countUnsealed(db: Db) {
  return db.$count(table, isNull(table.position))
}
