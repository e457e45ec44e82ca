import { randomInt } from 'node:crypto'

// Without letters that are read for one another.
const letters = 'abcdefghjkmnpqrstuvwxyz23456789'

/** A short word that stands in the log and in the reply, so that somebody can be helped: `q7f3m2`. */
export function newReference() {
  return Array.from({ length: 6 }, () => letters[randomInt(letters.length)]).join('')
}
