import { createHmac } from 'node:crypto'
import { canonical } from '../core/canonical-json.ts'
import type { Keys } from '../core/keys.ts'
import type { audit as table } from '../db/schema.ts'

type Chain = Pick<Keys, 'id' | 'chain'>

export type Row = typeof table.$inferSelect

/** The latest hash of the chain at some moment. Two of them, stored elsewhere, show whether the entries between were changed. */
export interface Head {
  position: number
  seal: string
}

/** An arbitrary constant: the lock under which one replica at a time seals or removes entries. */
export const sealingLock = 7_145_003

export const beginning: Head = { position: 0, seal: '' }

// The columns that a seal covers never change. A column that is added or renamed later needs a new format.
const fieldsOfOne = [
  ...(['id', 'at', 'reference', 'phase', 'team', 'person', 'name', 'account', 'operation', 'input', 'right', 'rule'] as const),
  ...(['outcome', 'call', 'request'] as const),
]
const fieldsOfTwo = fieldsOfOne

/** The seal of format 2, `<key id>:2:<HMAC>`, which links an entry to the one before it. */
export function sealed({ id, chain }: Chain, before: Head, row: Row): Head {
  const position = before.position + 1
  return { position, seal: `${id}:2:${hmacOf(chain, ['audit', 2, before.seal, position, fieldsOfTwo.map((name) => row[name])])}` }
}

/** Format 1, `<key id>:<HMAC>`, sealed the whole row as an object, with its position. */
function sealedAsOne({ id, chain }: Chain, before: Head, row: Row): Head {
  const position = before.position + 1
  const values = Object.fromEntries(fieldsOfOne.map((name) => [name, row[name]]))
  return { position, seal: `${id}:${hmacOf(chain, [before.seal, { ...values, position, seal: null }])}` }
}

/** Whether an entry is the one that was sealed after `before`. `unknown`: by a key that is not in the ring, or by a later release. */
export function checkSeal(keys: Pick<Keys, 'ring'>, before: Head, row: Row): 'intact' | 'changed' | 'unknown' {
  const [id, ...parts] = row.seal?.split(':') ?? []
  const key = keyOf(keys, id)
  if (!key) return 'unknown'
  if (parts.length === 1) return row.seal === sealedAsOne(key, before, row).seal ? 'intact' : 'changed'
  if (parts[0] !== '2') return 'unknown'
  return row.seal === sealed(key, before, row).seal ? 'intact' : 'changed'
}

/** Proves that something was written with the key, not only with access to the database: `<key id>:<HMAC>`. */
export function proofOf({ id, chain }: Chain, kind: 'audit checkpoint' | 'audit stub', values: unknown[]): string {
  return `${id}:${hmacOf(chain, [kind, ...values])}`
}

/** Whether a proof is one of a key of the ring. */
export function isProof(keys: Pick<Keys, 'ring'>, proof: string, kind: Parameters<typeof proofOf>[1], values: unknown[]): boolean {
  const key = keyOf(keys, proof.split(':')[0])
  return key !== undefined && proof === proofOf(key, kind, values)
}

function keyOf({ ring }: Pick<Keys, 'ring'>, wanted: string | undefined) {
  return ring.find(({ id }) => id === wanted)
}

function hmacOf(key: Keys['chain'], value: unknown) {
  return createHmac('sha256', key).update(canonical(value)).digest('hex')
}
