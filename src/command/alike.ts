import { type Arranged, arrange } from './arrange.ts'
import { byLikelihood, type Candidate, misfitOf, tagless } from './candidate.ts'
import type { Command } from './command.ts'
import { fieldsOf } from './fields.ts'
import { fillers, nouns } from './lexicon.ts'
import { type Like, likest } from './likeness.ts'
import { type Notion, notionsIn } from './notions.ts'
import { plainWord, splitName } from './phrases.ts'
import { isValue } from './slots.ts'
import type { Typing } from './tidy.ts'

const mostLike = 15
// A question begins with one of these ideas or words.
const asking = ['who', 'when', 'why', 'many', 'deed']
const askingWords = new Set('does did has have is are was were what which'.split(' '))

/** What is seen in the words before a command is thought of. */
interface Seen {
  words: string[]
  typing: Typing
  notions: Notion[]
  /** The words that say what is meant. */
  talk: Set<string>
  isAsking: boolean
}

/** The commands that the words are like, the likeliest first, with what the words say about their input. None is certain. */
export function alikeIn(words: string[], typing: Typing): Candidate[] {
  const notions = notionsIn(words)
  const has = (idea: string, first = Number.POSITIVE_INFINITY) => notions.some(({ start, ideas }) => start <= first && ideas.has(idea))
  const isQuestion = asking.some((idea) => has(idea, 1)) || askingWords.has(plainWord(words[0] ?? ''))
  const isAsking = isQuestion && !has('howto')
  const seen = { words, typing, notions, talk: talkIn(words, notions), isAsking }
  return likest(words, notions, typing.hosts)
    .slice(0, mostLike)
    .map((like) => candidate(like, seen))
    .toSorted(byLikelihood)
}

function candidate(like: Like, seen: Seen): Candidate {
  const { name, command } = like
  const arranged = arranging(like, seen)
  return { name, command, words: seen.words, arranged, sure: false, score: scoreOf(like, arranged, seen) }
}

function arranging({ command, preset }: Like, { words, typing, notions, talk }: Seen): Arranged {
  const isTalk = (word: string) => talk.has(plainWord(word)) || fillers.has(plainWord(word))
  const rest = words.slice(words.findIndex((word) => !isTalk(word)))
  // What comes behind the words that say what is meant is read in its order, as behind a command.
  if (rest.length < words.length && !rest.some(isTalk))
    return arrange(command, [...preset, ...rest], typing, { guess: true, spoken: [...preset, ...rest], talk })
  // `-n acme` belongs to the name that comes next; else a noun may announce one: `team developers`.
  const isFlagged = words.some((word) => /^[-—–]/.test(word))
  const acts = notions.filter(({ ideas }) => [...ideas.keys()].some((idea) => idea.startsWith('verb ')))
  const idle = isFlagged ? talk : talkIn(words, acts)
  const said = words.filter((word) => !idle.has(plainWord(word)) || isValue(fieldsOf(command), plainWord(word)))
  return arrange(command, [...preset, ...said], typing, { guess: true, late: true, talk: new Set([...talk, ...aliasWords(command)]) })
}

/** Lower is likelier: about 0 for what is known in so many words, 5 for what is only like it, 10 for hardly anything in common. */
function scoreOf({ name, command, likeness }: Like, arranged: Arranged, { words, typing, notions, isAsking }: Seen) {
  // `acme/web` may be a team of that name, where teams are spoken of.
  const isOfTeams = notions.some(({ ideas }) => ideas.has('noun team'))
  const isHidden = !isOfTeams && words.some((word) => word.includes('/')) && fieldsOf(command).some(({ of }) => of === 'team')
  // `who deleted v1` deletes nothing.
  const isOnlyAsked = isAsking && command.changes !== undefined
  const against = misfitOf(arranged) + tagless(words, arranged, typing) + (isHidden ? 1 : 0) + (isOnlyAsked ? 2.5 : 0)
  return 10 * (1.5 - likeness) + against - usualOf(name, notions)
}

/** `builds acme/web`, a noun and nothing else that says something, means what the noun usually does. */
function usualOf(name: string, notions: Notion[]) {
  const said = notions.filter(({ ideas }) => ![...ideas.keys()].every((idea) => idea.startsWith('word ')))
  const { noun, verb } = splitName(name)
  const order = said.length === 1 && said[0]?.ideas.has(`noun ${noun}`) ? (nouns[noun]?.defaults.indexOf(verb) ?? -1) : -1
  return order < 0 ? 0 : 1.5 - order * 0.5
}

/** `put carl in developers`: the words that the command declares for itself are no names. */
function aliasWords({ aliases = [] }: Command) {
  return aliases.flatMap((alias) => alias.split(' '))
}

/** The words that say what is meant. A name is none of them. */
function talkIn(words: string[], notions: Notion[]): Set<string> {
  const said = notions.filter(({ ideas }) => [...ideas].some(([idea, weight]) => weight > 0.8 && !idea.startsWith('word ')))
  return new Set(said.flatMap(({ start, end }) => words.slice(start, end).map(plainWord)))
}
