import { createHmac } from 'node:crypto'
import { canonical } from '../core/canonical-json.ts'
import type { Keys } from '../core/keys.ts'
import type { audit as table } from '../db/schema.ts'

export type Row = typeof table.$inferSelect

/** The latest hash of the chain at some moment. Two of them, stored elsewhere, show whether the entries between were changed. */
export interface Head {
  position: number
  seal: string
}

export const beginning: Head = { position: 0, seal: '' }

// The columns that a seal covers never change. A column that is added or renamed later needs a new format.
const fieldsOfOne = [
  ...(['id', 'at', 'reference', 'phase', 'team', 'person', 'name', 'account', 'operation', 'input', 'right', 'rule'] as const),
  ...(['outcome', 'call', 'request'] as const),
]
const fieldsOfTwo = fieldsOfOne

/** The seal of format 2, `<key id>:2:<HMAC>`, which links an entry to the one before it. */
export function sealed({ id, chain }: Keys, before: Head, row: Row): Head {
  const position = before.position + 1
  return { position, seal: `${id}:2:${hmacOf(chain, ['audit', 2, before.seal, position, fieldsOfTwo.map((name) => row[name])])}` }
}

/** Format 1, `<key id>:<HMAC>`, sealed the whole row as an object, with its position. */
function sealedAsOne({ id, chain }: Keys, before: Head, row: Row): Head {
  const position = before.position + 1
  const values = Object.fromEntries(fieldsOfOne.map((name) => [name, row[name]]))
  return { position, seal: `${id}:${hmacOf(chain, [before.seal, { ...values, position, seal: null }])}` }
}

/** Whether an entry is the one that was sealed after `before`. `unknown`: sealed with another SECRETS_KEY or by a later release. */
export function checkSeal(keys: Keys, before: Head, row: Row): 'intact' | 'changed' | 'unknown' {
  const parts = row.seal?.split(':') ?? []
  if (parts[0] !== keys.id) return 'unknown'
  if (parts.length === 2) return row.seal === sealedAsOne(keys, before, row).seal ? 'intact' : 'changed'
  if (parts[1] !== '2') return 'unknown'
  return row.seal === sealed(keys, before, row).seal ? 'intact' : 'changed'
}

/** Proves that a checkpoint was written with the key, not only with access to the database. */
export function proofOf({ id, chain }: Keys, { position, seal, unknown }: Head & { unknown: number }): string {
  return `${id}:${hmacOf(chain, ['audit checkpoint', position, seal, unknown])}`
}

function hmacOf(key: Keys['chain'], value: unknown) {
  return createHmac('sha256', key).update(canonical(value)).digest('hex')
}
