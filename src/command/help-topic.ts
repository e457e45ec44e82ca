import { phrases, plainWord } from './phrases.ts'
import { findCommand } from './registry.ts'
import { candidatesFor } from './understand.ts'

const helpWords = new Set(['--help', '-h', '—help', '–help', '-help', '--h'])

/** `repo create --help`, `-h` or `help` behind a command: what the help is about, without objects. */
export function helpIn(words: string[]) {
  const [first = '', ...others] = words.map(plainWord)
  const last = others.at(-1) ?? ''
  // `our token is on github, help` is no question about a command.
  const isBehind =
    others.length < 5 && first !== 'help' && (['help', '?'].includes(last) || (last === 'usage' && isNamed(words.slice(0, -1))))
  const asked = isBehind || words.some((word) => helpWords.has(plainWord(word)))
  if (!asked) return undefined
  const topic = words.map(plainWord).filter((word) => !helpWords.has(word) && !['help', '?', 'usage'].includes(word))
  return topicOf(topic)
}

function isNamed(words: string[]) {
  return findCommand(words) !== undefined || bareNoun(words) !== undefined
}

/** The words of a command or a noun that the help is asked for, `ls repos` as `repo list`; the same words if they name none. */
export function topicOf(words: string[]): string[] {
  const tokens = words.map(plainWord)
  const found = findCommand(tokens)
  if (found) return found.name.split(' ')
  const noun = bareNoun(tokens)
  if (noun !== undefined) return noun.split(' ')
  const [best] = candidatesFor(tokens.slice(0, 16), { hosts: [], now: 0, timeZone: undefined }).filter(({ sure }) => sure)
  if (best) return best.name.split(' ')
  const named = tokens.flatMap((_, start) =>
    [2, 1].flatMap((length) => phrases().nouns.get(tokens.slice(start, start + length).join(' ')) ?? []),
  )
  return named[0]?.noun.split(' ') ?? words
}

/** The noun that the words are, and nothing else. */
export function bareNoun(words: string[]): string | undefined {
  const phrase = words.map(plainWord).join(' ')
  return phrases().nouns.get(phrase)?.[0]?.noun
}
