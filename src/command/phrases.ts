import { narrow, withoutInvisibleEnds } from '../core/typed-characters.ts'
import { nouns } from './lexicon.ts'
import { commands } from './registry.ts'
import { verbs } from './verbs.ts'

/** How a phrase names a command: with values that the phrase itself gives, and how far it is from the command's own word. */
export interface VerbMatch {
  name: string
  /** Words such as `visibility=public` that the phrase stands for. */
  preset: string[]
  /** 0: its own word; 1: another word that it declares; 2 and more: a verb in general, the likeliest first. */
  rank: number
}

export interface NounMatch {
  noun: string
  plural: boolean
}

interface Phrases {
  nouns: Map<string, NounMatch[]>
  verbs: Map<string, VerbMatch[]>
  /** Every single word of them, for misspellings. */
  words: string[]
}

let known: Phrases | undefined

/** Every noun and verb by the phrases that name it. Made once, from the declarations. */
export function phrases(): Phrases {
  known ??= collect()
  return known
}

/** A word as phrases are compared: lower case, narrow, without marks around it. */
export function plainWord(word: string) {
  return withoutInvisibleEnds(narrow(word).replaceAll(/[\u00ad\u200b-\u200d\u2060\ufeff]/g, ''))
    .toLowerCase()
    .replace(/^[/`'"(]{1,3}(?=.)/, '')
    .replace(/(?<=.)[`'",.!?:;)]{1,3}$/, '')
}

/** The noun of a command and its verb: `permission default`, `list`. */
export function splitName(name: string) {
  const words = name.split(' ')
  return { noun: words.slice(0, -1).join(' '), verb: words.at(-1) ?? '' }
}

function collect(): Phrases {
  const found: Phrases = { nouns: new Map(), verbs: new Map(), words: [] }
  for (const noun of new Set([...commands.keys()].map((name) => splitName(name).noun).filter(Boolean)))
    for (const [phrase, plural] of nounPhrases(noun)) push(found.nouns, phrase, { noun, plural })
  for (const [name, { aliases = [] }] of commands) {
    const { verb } = splitName(name)
    for (const phrase of new Set([verb, verb.replaceAll('-', ' ')])) push(found.verbs, phrase, { name, preset: [], rank: 0 })
    for (const alias of aliases) {
      const words = alias.split(' ')
      const phrase = words.filter((word) => !word.includes('=')).join(' ')
      push(found.verbs, phrase, { name, preset: words.filter((word) => word.includes('=')), rank: 1 })
    }
    for (const [phrase, meant] of Object.entries(verbs))
      if (meant.includes(verb)) push(found.verbs, phrase, { name, preset: [], rank: 2 + meant.indexOf(verb) })
  }
  found.words = [...new Set([...found.nouns.keys(), ...found.verbs.keys()].flatMap((phrase) => phrase.split(' ')))]
  return found
}

function push<Match>(map: Map<string, Match[]>, phrase: string, match: Match) {
  map.set(phrase, [...(map.get(phrase) ?? []), match])
}

function nounPhrases(noun: string): [phrase: string, plural: boolean][] {
  const said = [noun, noun.replaceAll('-', ' '), ...(nouns[noun]?.aliases ?? [])]
  // `log export` is `logs export`.
  const singular = [...said, ...said.filter((one) => one.startsWith('logs ')).map((one) => one.replace('logs', 'log'))]
  return [
    ...new Map([
      ...singular.flatMap((one) => pluralsOf(one).map((many) => [many, true] as const)),
      ...singular.map((one) => [one, one.endsWith('s')] as const),
    ]),
  ]
}

export function pluralsOf(phrase: string) {
  if (!/[a-z]$/.test(phrase)) return []
  if (/[^aeiou]y$/.test(phrase)) return [`${phrase.slice(0, -1)}ies`]
  return phrase.endsWith('s') ? [] : [`${phrase}s`]
}

/** Whether the word is one about commands: a noun, a verb, or another word for one. */
export function isPhrase(word: string) {
  return phrases().nouns.has(word) || phrases().verbs.has(word)
}
