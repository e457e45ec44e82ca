import type { Arranged } from './arrange.ts'
import type { Candidate } from './candidate.ts'
import type { Command } from './command.ts'

/** What typed words come to. A changing command is run only where they name it and fill it in order; else its modal opens filled. */
export type Reading =
  /** Words that name a command as the help does, or by other words of its own: the rest is read as its input. */
  | { kind: 'command'; name: string; command: Command; words: string[] }
  /** Understood by what fits where: a read runs, a change opens filled. */
  | { kind: 'understood'; name: string; command: Command; arranged: Arranged }
  /** Several commands, or one that is only near: nothing runs. */
  | { kind: 'ask'; candidates: Candidate[] }
  /** A noun alone: what can follow. */
  | { kind: 'noun'; noun: string; candidates: Candidate[] }
  | { kind: 'unknown' }

// What a candidate is like enough to: to be thought of, to be opened, to be run.
export const weak = 7.5
const mostNearlyRight = 3
const certain = 5
const sureEnough = 3.5

/** Whether every word has its place: a free text that would take any word counts only where the command is named for certain. */
export function isUsable({ command, arranged: { how, loose, complete, given }, sure, score }: Candidate) {
  if (how === 'partly') return false
  if (sure) return true
  // A change opens filled with what was said, and asks for the rest.
  if (command.changes) return loose === 0 || score < certain
  return loose === 0 && (complete || (score < certain && Object.keys(given).length > 0))
}

/** The noun and the verb are at the beginning, in whatever words: it runs as if its own words had been typed, when they fit in order. */
export function asSure(best: Candidate, all: Candidate[] = [best]): Reading {
  const rivals = all.filter(({ name, score, sure }) => sure && name !== best.name && score - best.score < 1)
  if (rivals.length > 0) return { kind: 'ask', candidates: likeliest([best, ...rivals]) }
  const { name, command, words, arranged } = best
  // `get robots` may be one or all.
  const list = all.find((one) => one.name === name.replace(/ show$/, ' list'))
  if (list && list !== best && words.length === 0 && !arranged.complete) return { kind: 'ask', candidates: [list, best] }
  // Few words may be nearly right, and the right forms are offered; a sentence means something else.
  const fitting = arranged.how === 'partly' ? all.find((one) => !one.sure && isUsable(one) && one.score < certain) : undefined
  const isSentence = arranged.how === 'partly' && words.length > mostNearlyRight
  if (fitting || isSentence) return { kind: 'ask', candidates: likeliest([...(fitting ? [fitting] : []), best, ...all]) }
  // What would take `in` for a name is shown before it changes.
  const isOdd = command.changes !== undefined && arranged.how === 'in order' && arranged.loose > 1
  return arranged.how === 'by kind' || isOdd ? { kind: 'understood', name, command, arranged } : { kind: 'command', name, command, words }
}

/** One that is clearly the likeliest is meant; of several that are as likely a person chooses. */
export function settled(candidates: Candidate[]): Reading {
  const [best, next] = candidates
  if (!best) return { kind: 'unknown' }
  // `did carl get access to acme/web` is like nothing that is known.
  if (best.score > (best.command.changes ? weak : sureEnough)) return { kind: 'ask', candidates: likeliest(candidates) }
  // Before something is taken away, what was meant is asked for rather than guessed.
  const margin = best.command.preview ? 6 : best.command.changes ? (best.arranged.complete ? 1.5 : 2) : next?.command.changes ? 1.6 : 1
  if (next && next.score - best.score < margin && next.arranged.how !== 'partly') return { kind: 'ask', candidates: likeliest(candidates) }
  return { kind: 'understood', name: best.name, command: best.command, arranged: { ...best.arranged, how: 'by kind' } }
}

/** The three to offer. */
export function likeliest(candidates: Candidate[]): Candidate[] {
  const [best] = candidates
  const near = candidates.filter(({ score }) => score - (best?.score ?? 0) <= 25).toSorted((a, b) => Number(b.sure) - Number(a.sure))
  return [...new Map(near.map((one) => [one.name, one])).values()].slice(0, 3)
}
