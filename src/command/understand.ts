import { distance } from 'fastest-levenshtein'
import { type Arranged, arrange } from './arrange.ts'
import type { Command } from './command.ts'
import { fieldsOf } from './fields.ts'
import { fillers, nouns } from './lexicon.ts'
import { pastedIn } from './pasted.ts'
import { isPhrase, type NounMatch, phrases, plainWord, splitName, type VerbMatch } from './phrases.ts'
import { commands } from './registry.ts'
import { nounOf } from './slots.ts'
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

interface Place {
  start: number
  end: number
}

const furthest = 8
const longestPhrase = 4

/** The commands that these words may mean, the likeliest first. */
export function candidatesFor(words: string[], typing: Typing): Candidate[] {
  const plainer = withoutTalk(words)
  const found = [...candidatesIn(words, typing), ...(plainer.join(' ') !== words.join(' ') ? candidatesIn(plainer, typing) : [])]
  const best = new Map<string, Candidate>()
  for (const one of found) if (one.score < (best.get(one.name)?.score ?? Number.POSITIVE_INFINITY)) best.set(one.name, one)
  // `add a repository …` says what to add.
  const isNamed = [...best.values()].some(({ sure }) => sure)
  const weighed = [...best.values()].map((one) => (isNamed && !one.sure ? { ...one, score: one.score + 8 } : one))
  return weighed.toSorted((a, b) => a.score - b.score || orderOf(a.name) - orderOf(b.name))
}

const opening = new Set('how do does i we to want need would like please pls can could you hey hi let is are what which where'.split(' '))
const articles = new Set(['a', 'an', 'the', 'my', 'our', 'all', 'some', 'any', 'me', 'us', 'please'])

/** `how do I create a repository` as `create repository`. */
function withoutTalk(words: string[]) {
  const start = words.findIndex((word) => !opening.has(plainWord(word)))
  const said = words.slice(Math.max(start, 0)).filter((word) => !articles.has(plainWord(word)))
  // `carl’s access`
  return said.map((word) => word.replace(/(?<=\w)['’]s$/, ''))
}

function candidatesIn(words: string[], typing: Typing): Candidate[] {
  const tokens = words.map(plainWord)
  const [nounPlaces, verbPlaces] = [widest(places(tokens, phrases().nouns)), places(tokens, phrases().verbs)]
  const found: Sketch[] = [
    ...nounPlaces.flatMap(({ place, match }) => byNoun({ words, tokens, typing }, place, match)),
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

function byNoun(said: Said, place: Place, { noun, plural }: NounMatch): Sketch[] {
  const { defaults = [] } = nouns[noun] ?? {}
  return defaults.flatMap((verb, order) => {
    const preferred = plural && verb !== 'list' ? 1 : 0
    return candidate(said, `${noun} ${verb}`, { noun: place }, { tier: place.start === 0 ? 2 : 3, rank: order + preferred })
  })
}

/** A verb alone: commands without a noun, and every noun's command of that verb. */
function byVerb(said: Said, place: Place, { name, preset, rank }: VerbMatch): Sketch[] {
  const { noun } = splitName(name)
  const phrase = said.tokens.slice(place.start, place.end).join(' ')
  // `who has access` says more than a verb.
  const isSaying = rank <= 1 && phrase.includes(' ') && place.start === 0
  // The last words of `logs repo` and `logs namespace` are nouns too, and alone they are those.
  if (noun.startsWith('logs') && !isSaying) return []
  const isWhole = noun === '' && place.start === 0
  return candidate(said, name, { verb: place }, { tier: isWhole ? 1 : isSaying ? 2 : noun === '' ? 3 : 4, rank, preset, sure: isWhole })
}

function byBoth(said: Said, noun: { place: Place; match: NounMatch }, verb: { place: Place; match: VerbMatch }): Sketch[] {
  const { name, preset, rank } = verb.match
  const [start, end] = [Math.min(noun.place.start, verb.place.start), Math.max(noun.place.end, verb.place.end)]
  const together = end - start === noun.place.end - noun.place.start + (verb.place.end - verb.place.start)
  // `lock repo` stands for a value too, so what it changes is shown before.
  const sure = together && start === 0 && (preset.length === 0 || !commands.get(name)?.changes)
  // `show builds`: the plural asks for a list.
  const preferred = noun.match.plural && rank !== 1 && splitName(name).verb === 'show' ? 4 : 0
  const tier = sure ? (rank === 0 && noun.place.start === 0 ? 0 : 1) : 2
  return candidate(said, name, { noun: noun.place, verb: verb.place }, { tier, rank: rank + preferred, preset, sure })
}

interface Measured {
  tier: number
  rank: number
  preset?: string[]
  sure?: boolean
}

function candidate(
  { words, tokens, typing }: Said,
  name: string,
  { noun, verb }: { noun?: Place; verb?: Place },
  { tier, rank, preset = [], sure = false }: Measured,
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
      guess: !sure,
      late: Math.min(noun?.start ?? Number.POSITIVE_INFINITY, verb?.start ?? Number.POSITIVE_INFINITY) > 0,
    })
    const score = rough + fitOf(arranged) * 10 + tagless(rest, arranged, typing)
    return { name, command, words: [...preset, ...rest], arranged, sure, score }
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

/** A command that has no use for the tag of `acme/api:v1.0` is less likely. */
function tagless(words: string[], { given }: Arranged, { hosts }: Typing) {
  const tags = words.flatMap((word) => pastedIn(word, hosts)?.tag ?? [])
  return tags.some((tag) => !Object.values(given).includes(tag)) ? 3 : 0
}

function fitOf({ how, complete, loose }: Arranged) {
  const fit = how === 'partly' ? 3 : how === 'by kind' ? 1 : 0
  return fit + (complete ? 0 : 1.2) + Math.min(loose, 2) * 0.5
}

/** Of equal candidates the one of the more used noun comes first. */
function orderOf(name: string) {
  const { noun } = splitName(name)
  const order = Object.keys(nouns).indexOf(noun)
  return order < 0 ? 100 : order
}

/** The words with misspelt ones replaced by the nearest word of a command; undefined if there is none to replace. */
export function respelled(words: string[]): string[] | undefined {
  let changed = false
  const better = words.map((word, index) => {
    const token = plainWord(word)
    if (index > 3 || token.length < 2 || !/^[\p{L}-]+$/u.test(token) || isPhrase(token) || fillers.has(token)) return word
    const near = nearestWord(token)
    changed ||= near !== undefined
    return near ?? word
  })
  return changed ? better : undefined
}

function nearestWord(token: string) {
  const all = phrases().words.filter((one) => Math.abs(one.length - token.length) <= 2)
  const ranked = all
    .map((one) => ({ one, misses: isSwapped(one, token) ? 0.5 : distance(one, token) }))
    .toSorted((a, b) => a.misses - b.misses)
  const [near] = ranked
  return near && near.misses <= Math.max(1, Math.floor(near.one.length / 4)) && near.one.length > 2 ? near.one : undefined
}

/** Whether two neighboring letters changed places, as in `stauts`: the commonest slip. */
function isSwapped(one: string, other: string) {
  const at = [...one].findIndex((letter, index) => letter !== other[index])
  return at >= 0 && one.length === other.length && one === `${other.slice(0, at)}${other[at + 1] ?? ''}${other[at]}${other.slice(at + 2)}`
}

/** `repo-create` and `repo:create` as two words, where both are known. */
export function unjoined(words: string[]): string[] {
  const [first = '', ...rest] = words
  const parts = plainWord(first).split(/[-:._]/)
  return parts.length > 1 && !isPhrase(plainWord(first)) && parts.every(isPhrase) ? [...parts, ...rest] : words
}
