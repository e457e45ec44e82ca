import { distance } from 'fastest-levenshtein'
import { arrange } from './arrange.ts'
import type { Candidate } from './candidate.ts'
import type { Command } from './command.ts'
import { fieldsOf } from './fields.ts'
import { fillers, nouns } from './lexicon.ts'
import { plainWord, splitName } from './phrases.ts'
import { commands } from './registry.ts'
import type { Typing } from './tidy.ts'

interface Indexed {
  name: string
  command: Command
  /** Every word that tells of the command, with its weight. */
  words: Map<string, number>
}

let index: Indexed[] | undefined

const mostWords = 30

/** The commands whose names, other words, summaries and fields have most of these words, the best first. None is certain. */
export function searched(words: string[], typing: Typing): Candidate[] {
  index ??= [...commands].map(([name, command]) => ({ name, command, words: wordsAbout(name, command) }))
  const tokens = [...new Set(words.slice(0, mostWords).map(plainWord).map(stem))].filter((one) => one.length > 1 && !fillers.has(one))
  const found = index.flatMap(({ name, command, words: about }) => {
    const weight = tokens.reduce((sum, token) => sum + weightOf(token, about), 0)
    return weight > 0 ? [{ name, command, weight }] : []
  })
  return found
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, 3)
    .map(({ name, command, weight }) => {
      const objects = objectsIn(words)
      return { name, command, words: objects, arranged: arrange(command, objects, typing), sure: false, score: -weight }
    })
}

/** Only what looks like an object fills a field here: the other words are what was searched for. */
function objectsIn(words: string[]) {
  return words.slice(0, mostWords).filter((word) => /[/+@]/.test(word))
}

function weightOf(token: string, about: Map<string, number>) {
  const exact = about.get(token)
  if (exact !== undefined) return exact
  if (token.length < 5) return 0
  const near = [...about].filter(([word]) => Math.abs(word.length - token.length) <= 1 && distance(word, token) === 1)
  return Math.max(0, ...near.map(([, weight]) => weight)) / 2
}

/** `repositories` and `repository`, `deleting` and `deletes` begin alike. */
function stem(word: string) {
  return word.length > 4 ? word.replace(/(?:ies|ing|es|ed|s|y|e)$/, '') : word.replace(/s$/, '')
}

function wordsAbout(name: string, command: Command) {
  const { noun } = splitName(name)
  const said: [text: string, weight: number][] = [
    [name, 6],
    [(command.aliases ?? []).join(' '), 4],
    [(nouns[noun]?.aliases ?? []).join(' '), 4],
    [command.summary, 3],
    [
      fieldsOf(command)
        .map((field) => `${field.name} ${field.label} ${field.options.join(' ')}`)
        .join(' '),
      1.5,
    ],
    [
      `${command.help ?? ''} ${fieldsOf(command)
        .map(({ hint }) => hint ?? '')
        .join(' ')}`,
      1,
    ],
  ]
  const words = new Map<string, number>()
  for (const [text, weight] of said)
    for (const word of text.split(/[\s_,.:;()/“”"`-]+/).map((one) => stem(one.toLowerCase())))
      if (word.length > 1 && !fillers.has(word)) words.set(word, Math.max(weight, words.get(word) ?? 0))
  return words
}
