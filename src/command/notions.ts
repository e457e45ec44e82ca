import { distance } from 'fastest-levenshtein'
import { concepts } from './concepts.ts'
import { fillers, nouns } from './lexicon.ts'
import { isParticles, withoutParticles } from './particles.ts'
import { plainWord } from './phrases.ts'
import { commands } from './registry.ts'
import { verbs } from './verbs.ts'

/** What some words of a text say: the ideas that they may stand for, each with how well. */
export interface Notion {
  /** The words, from the first to before the last. */
  start: number
  end: number
  /** From 0 to 1 for each idea: `show` is `verb show`, and less so `verb list`. */
  ideas: Map<string, number>
}

let known: Map<string, Map<string, number>> | undefined

/** Every phrase that stands for an idea, by its words' stems. Made once, from the lexicon, the concepts and the declarations. */
function dictionary() {
  known ??= collected()
  return known
}

function collected() {
  const found = new Map<string, Map<string, number>>()
  const put = (phrase: string, idea: string, weight = 1) => {
    const key = phrase.toLowerCase().split(/[\s-]/).map(stem).join(' ')
    const ideas = found.get(key) ?? new Map<string, number>()
    found.set(key, ideas.set(idea, Math.max(weight, ideas.get(idea) ?? 0)))
  }
  for (const [noun, { aliases }] of Object.entries(nouns)) for (const one of [noun, ...aliases]) put(one, `noun ${noun}`)
  for (const name of commands.keys()) put(name.split(' ').at(-1) ?? '', `verb ${name.split(' ').at(-1)}`)
  for (const [word, meant] of Object.entries(verbs)) for (const [rank, verb] of meant.entries()) put(word, `verb ${verb}`, 1 - rank * 0.15)
  for (const [concept, words] of Object.entries(concepts)) for (const word of words.split(', ')) put(word, concept)
  return found
}

/** What the words say, from left to right, the longest phrase first. Words that are no part of any phrase stand for themselves. */
export function notionsIn(words: string[]): Notion[] {
  const tokens = words.flatMap((word, at) => partsOf(word).map((token) => ({ token, stem: stem(token), at })))
  const found: Notion[] = []
  for (let start = 0; start < tokens.length; ) {
    const length =
      [4, 3, 2, 1].find((one) => start + one <= tokens.length && dictionary().has(keyOf(tokens.slice(start, start + one)))) ?? 1
    const said = tokens.slice(start, start + length)
    const ideas = withInner(dictionary().get(keyOf(said)), said) ?? ideasOf(said[0]?.token ?? '')
    if (ideas.size > 0) found.push({ start: said[0]?.at ?? 0, end: (said.at(-1)?.at ?? 0) + 1, ideas })
    start += length
  }
  return found
}

let single: Set<string> | undefined

/** Whether the word stands for an idea as it is spelled, alone or with others. */
export function isKnown(word: string) {
  single ??= new Set([...dictionary().keys()].flatMap((phrase) => phrase.split(' ')))
  return single.has(stem(word))
}

/** `which teams` asks who, and is about teams too. */
function withInner(ideas: Map<string, number> | undefined, said: { stem: string }[]) {
  if (!ideas || said.length === 1 || [...ideas.keys()].some((idea) => idea.startsWith('noun '))) return ideas
  const nounsInside = said.flatMap((one) => [...(dictionary().get(one.stem) ?? [])]).filter(([idea]) => idea.startsWith('noun '))
  return new Map([...nounsInside, ...ideas])
}

function keyOf(tokens: { stem: string }[]) {
  return tokens.map((one) => one.stem).join(' ')
}

/** A word that no phrase has: a number of a vulnerability, a misspelling, or itself. */
function ideasOf(token: string): Map<string, number> {
  if (/^(?:cve|ghsa|rhsa)-/.test(token)) return new Map([['vulnerable', 1]])
  if (fillers.has(token) || token === '' || /[/@+:]|^-/.test(token)) return new Map()
  const near = nearest(token)
  const spelled = near === undefined ? [] : [...(dictionary().get(near) ?? [])].map(([idea, weight]) => [idea, weight * 0.8] as const)
  // `rescan` is to scan once more.
  const anew = near === undefined && /^re[a-z]{4}/.test(token) ? [...(dictionary().get(stem(token.slice(2))) ?? [])] : []
  return new Map([
    [`word ${stem(token)}`, 1],
    ...spelled,
    ...anew.flatMap(([idea, weight]): [string, number][] => [
      [idea, weight * 0.9],
      ['again', 0.7],
    ]),
  ])
}

function nearest(token: string) {
  const own = stem(token)
  if (own.length < 5 || !/^[a-z]+$/.test(own)) return undefined
  const allowed = own.length < 10 ? 1 : 2
  return [...dictionary().keys()].find(
    (one) => one.length > 4 && one[0] === own[0] && Math.abs(one.length - own.length) <= allowed && distance(one, own) <= allowed,
  )
}

/** `createRepo`, `list_repos` and `タグ一覧` as the words that they are made of. */
function partsOf(word: string): string[] {
  const plain = plainWord(word).replace(/^(?:--|[-—–])(?=[a-z]{2})/, '')
  if (plain.includes('/') || plain.includes('@')) return [plain]
  const parts = plain.split('-')
  const isJoined = parts.length > 1 && (dictionary().has(parts.map(stem).join(' ')) || parts.every(isKnown))
  return inJapanese(plain) ?? (isJoined ? parts : [plain])
}

// A phrase has few characters: what is longer is a text.
const longest = 200

/** The parts of a Japanese phrase, which has no spaces, without its particles. Undefined: it is none. */
export function inJapanese(word: string): string[] | undefined {
  if (word.length > longest || !/[\u3040-\u30ff\u4e00-\u9fff]/.test(word)) return undefined
  const parts: string[] = []
  let rest = ''
  for (let at = 0; at < word.length; ) {
    const phrase = japanese().find((one) => word.startsWith(one, at))
    const latin = /^[\x21-\x7e]+/.exec(word.slice(at))?.[0]
    if (phrase === undefined && latin === undefined) {
      rest += word.charAt(at)
      at += 1
      continue
    }
    if (rest !== '') parts.push(withoutParticles(rest))
    rest = ''
    parts.push(phrase ?? latin ?? '')
    at += (phrase ?? latin ?? '').length
  }
  if (rest !== '') parts.push(withoutParticles(rest))
  return parts.filter((part) => !isParticles(part))
}

let phrasesOfJapanese: string[] | undefined
function japanese() {
  phrasesOfJapanese ??= [...dictionary().keys()]
    .filter((one) => /^[\u3040-\u30ff\u4e00-\u9fff]/.test(one))
    .toSorted((a, b) => b.length - a.length)
  return phrasesOfJapanese
}

/** `repositories` and `repository`, `deleting` and `deletes` end alike. */
export function stem(word: string) {
  if (!/^[a-z]+$/.test(word)) return word
  const cut =
    word.length > 4 ? word.replace(/(?:(?<=.{4})ion|ies|ing|es|ed|(?<!s)s|y|e)$/, '') : word.replace(/(?<=..)(?<!s)s$|(?<=...)e$/, '')
  return cut.length > 3 ? cut.replace(/([b-df-hj-np-rtv-z])\1$/, '$1') : cut
}
