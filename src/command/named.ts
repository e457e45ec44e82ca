import { arrange } from './arrange.ts'
import { type Candidate, misfitOf, tagless } from './candidate.ts'
import type { Command } from './command.ts'
import { fieldsOf } from './fields.ts'
import { fillers } from './lexicon.ts'
import { isPhrase, type NounMatch, phrases, plainWord, splitName, type VerbMatch } from './phrases.ts'
import { commands } from './registry.ts'
import { nounOf } from './slots.ts'
import type { Typing } from './tidy.ts'

interface Place {
  start: number
  end: number
}

const furthest = 8
const longestPhrase = 4

/** The commands that words name at their beginning, by noun and verb in either order, in their own words or in others. */
export function namedIn(words: string[], typing: Typing): Candidate[] {
  const tokens = words.map(plainWord)
  const [nounPlaces, verbPlaces] = [widest(places(tokens, phrases().nouns)), places(tokens, phrases().verbs)]
  const found: Sketch[] = [
    ...verbPlaces.flatMap(({ place, match }) => byVerb({ words, tokens, typing }, place, match)),
    ...nounPlaces.flatMap((noun) =>
      verbPlaces.flatMap((verb) =>
        overlap(noun.place, verb.place) || splitName(verb.match.name).noun !== noun.match.noun
          ? []
          : byBoth({ words, tokens, typing }, noun, verb),
      ),
    ),
  ]
  const likely = found.toSorted((one, other) => one.rough - other.rough).slice(0, mostTried)
  return likely.map(({ rough, make }) => make(rough))
}

// Comparing every word with every field costs time, which a text of many verbs must not multiply.
const mostTried = 40

/** A command that may be meant, before its words are compared with its fields. */
interface Sketch {
  /** How likely it is by the words that name it; lower is likelier. */
  rough: number
  make(rough: number): Candidate
}

interface Said {
  words: string[]
  tokens: string[]
  typing: Typing
}

/** Where phrases stand among the first words, each match where it stands first; in a word that looks like an object there is none. */
function places<Match extends object>(tokens: string[], known: Map<string, Match[]>): { place: Place; match: Match }[] {
  const all = tokens.slice(0, furthest).flatMap((_, start) =>
    Array.from({ length: longestPhrase }, (_, less) => start + longestPhrase - less)
      .filter((end) => end <= tokens.length)
      .flatMap((end) => (known.get(tokens.slice(start, end).join(' ')) ?? []).map((match) => ({ place: { start, end }, match }))),
  )
  return [...new Map(all.toReversed().map((one) => [one.match, one])).values()].toReversed()
}

/** `service account` is no account. */
function widest<Found extends { place: Place }>(found: Found[]): Found[] {
  const isWider = (one: Place, other: Place) =>
    one.start <= other.start && other.end <= one.end && one.end - one.start > other.end - other.start
  return found.filter(({ place }) => !found.some((other) => isWider(other.place, place)))
}

function overlap(one: Place, other: Place) {
  return one.start < other.end && other.start < one.end
}

/** A command without a noun, by its own word or another that it declares. */
function byVerb(said: Said, place: Place, { name, preset, rank }: VerbMatch): Sketch[] {
  const isWhole = splitName(name).noun === '' && place.start === 0
  return isWhole ? sketch(said, name, { verb: place }, { tier: 1, rank, preset }) : []
}

function byBoth(said: Said, noun: { place: Place; match: NounMatch }, verb: { place: Place; match: VerbMatch }): Sketch[] {
  const { name, preset, rank } = verb.match
  const [start, end] = [Math.min(noun.place.start, verb.place.start), Math.max(noun.place.end, verb.place.end)]
  const together = end - start === noun.place.end - noun.place.start + (verb.place.end - verb.place.start)
  // `lock repo` stands for a value too, and `groups` are teams or organizations, so what it changes is shown before.
  const isPlain = preset.length === 0 && !isAmbiguous(said, noun, verb)
  const sure = together && start === 0 && (isPlain || !commands.get(name)?.changes)
  // `show builds`: the plural asks for a list.
  const preferred = noun.match.plural && rank !== 1 && splitName(name).verb === 'show' ? 4 : 0
  return sure
    ? sketch(
        said,
        name,
        { noun: noun.place, verb: verb.place },
        { tier: rank === 0 && noun.place.start === 0 ? 0 : 1, rank: rank + preferred, preset },
      )
    : []
}

/** Whether the noun stands for another one too, whose command of the same verb takes the words as well: a `group` may be a team. */
function isAmbiguous({ words, tokens, typing }: Said, noun: { place: Place; match: NounMatch }, verb: { place: Place; match: VerbMatch }) {
  const others = phrases().nouns.get(tokens.slice(noun.place.start, noun.place.end).join(' ')) ?? []
  const rest = words.slice(Math.max(noun.place.end, verb.place.end))
  return others.some(({ noun: other }) => {
    const command = other === noun.match.noun ? undefined : commands.get(`${other} ${splitName(verb.match.name).verb}`)
    return command !== undefined && arrange(command, rest, typing).how !== 'partly'
  })
}

interface Measured {
  tier: number
  rank: number
  preset: string[]
}

function sketch(
  { words, tokens, typing }: Said,
  name: string,
  { noun, verb }: { noun?: Place; verb: Place },
  { tier, rank, preset }: Measured,
): Sketch[] {
  const command = commands.get(name)
  if (!command) return []
  const isIn = (index: number, place: Place | undefined) => place !== undefined && index >= place.start && index < place.end
  const rest = words.filter((_, index) => !isIn(index, noun) && !isIn(index, verb))
  const spoken = words.filter((_, index) => !isIn(index, verb))
  // A word that names another noun or verb was hardly meant as a value.
  const isStrange = (token: string) => isPhrase(token) && !fillers.has(token) && !looking.has(token) && !namesKindOf(command, token)
  const strange = tokens.filter((token, index) => !isIn(index, noun) && !isIn(index, verb) && isStrange(token)).length
  // The more of the words a phrase explains, the likelier it was meant.
  const explained = words.length - rest.length
  const make = (rough: number): Candidate => {
    const arranged = arrange(command, [...preset, ...rest], typing, {
      spoken: [...preset, ...spoken],
      noun: noun ? tokens.slice(noun.start, noun.end) : [],
    })
    const score = rough + misfitOf(arranged) * 10 + tagless(rest, arranged, typing)
    return { name, command, words: [...preset, ...rest], arranged, sure: true, score }
  }
  return [{ rough: tier * 4 + rank + strange * 8 - explained * 3, make }]
}

// `show log of build …`: whatever is meant is shown.
const looking = new Set(['show', 'see', 'get', 'view', 'display', 'read', 'give'])

/** `image` and `repository` among the words of a command that takes one. */
function namesKindOf(command: Command, token: string) {
  const named = phrases().nouns.get(token) ?? []
  return named.some(({ noun }) => fieldsOf(command).some(({ of }) => of !== undefined && nounOf[of] === noun))
}
