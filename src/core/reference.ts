import { randomInt } from 'node:crypto'

// Without letters that are easily confused.
const letters = 'abcdefghjkmnpqrstuvwxyz23456789'

/** A short reference that is in the log and in the reply, so that an operator can find the error: `q7f3m2`. */
export function newReference() {
  return Array.from({ length: 6 }, () => letters[randomInt(letters.length)]).join('')
}
