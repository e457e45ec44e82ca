import { createHash } from 'node:crypto'
import { canonical } from './canonical-json.ts'

/** The SHA-256 of a JSON value, the same for equal values in any order of their keys: `sha256:…`. */
export function digestOf(value: unknown): string {
  return `sha256:${createHash('sha256').update(canonical(value)).digest('hex')}`
}
