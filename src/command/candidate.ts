import type { Arranged } from './arrange.ts'
import type { Command } from './command.ts'
import { nouns } from './lexicon.ts'
import { pastedIn } from './pasted.ts'
import { splitName } from './phrases.ts'
import type { Typing } from './tidy.ts'

/** A command that typed words may mean, with what they say about its input. */
export interface Candidate {
  name: string
  command: Command
  /** The words that are left for its input. */
  words: string[]
  arranged: Arranged
  /** The words name it as their own: the noun and the verb, in either order, at the beginning. */
  sure: boolean
  /** Lower is likelier. */
  score: number
}

/** The likelier first; of equal ones that of the more used noun. */
export function byLikelihood(one: Candidate, other: Candidate) {
  return one.score - other.score || orderOf(one.name) - orderOf(other.name)
}

function orderOf(name: string) {
  const { noun } = splitName(name)
  const order = Object.keys(nouns).indexOf(noun)
  return order < 0 ? 100 : order
}

/** How badly words fit the input of a command: 0 for all in order, more for what is missing or has no place. */
export function misfitOf({ how, complete, loose }: Arranged) {
  const fit = how === 'partly' ? 3 : how === 'by kind' ? 1 : 0
  return fit + (complete ? 0 : 1.2) + Math.min(loose, 2) * 0.5
}

/** A command that has no use for the tag of `acme/api:v1.0` is less likely. */
export function tagless(words: string[], { given }: Arranged, { hosts }: Typing) {
  const tags = words.flatMap((word) => pastedIn(word, hosts)?.tag ?? [])
  return tags.some((tag) => !Object.values(given).includes(tag)) ? 3 : 0
}
