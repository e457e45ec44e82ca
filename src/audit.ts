import type { Bot, Db } from './bot.ts'
import { type Phase, audit as table } from './db/schema.ts'
import type { Person } from './identity.ts'
import type { Sentence } from './language.ts'

export type { Phase }

export interface AuditRow {
  reference: string
  phase: Phase
  person: Pick<Person, 'id' | 'team' | 'name' | 'account'>
  operation: string
  /** Values of known fields that are no credentials; of unknown ones the name only (security.md rule 20). */
  input: Record<string, unknown>
  /** The right that was found, in words. */
  right?: string | undefined
  /** The rule of the policy that applied. */
  rule?: string | undefined
  outcome?: Sentence | undefined
  /** The changing call of Quay: `POST /repository`. */
  call?: string | undefined
  request?: string | undefined
}

/** Writes one row of the record, in the transaction of what it records. */
export async function audit(bot: Pick<Bot, 'clock'>, tx: Db, { person, ...row }: AuditRow) {
  const { id, team, name, account = null } = person
  await tx.insert(table).values({ ...row, at: new Date(bot.clock()), team, person: id, name, account })
}
