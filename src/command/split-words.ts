import { fieldAliases } from './field-lexicon.ts'
import { fillers } from './lexicon.ts'
import { inJapanese } from './notions.ts'
import { isPhrase, phrases, plainWord } from './phrases.ts'

/**
 * The words that people write as one: `repo-create`, `repo:create`, `createRepo`, `list_repos` and `buildlogs` at the beginning, and
 * Japanese, which has no spaces, everywhere. Only where every part is a word of a command: a name may look the same.
 */
export function splitWords([first = '', ...rest]: string[]): string[] {
  return [...splitFirst(first, rest.length > 0), ...rest].flatMap((word) => (/\s/.test(word) ? [word] : (japaneseIn(word) ?? [word])))
}

function splitFirst(word: string, isFollowed: boolean): string[] {
  const plain = plainWord(word)
  if (isPhrase(plain)) return [word]
  // `robot/create acme+ci` and `scan=acme/web`.
  const [, noun = '', sign = '', value = ''] = /^([a-z-]+)([/=,:])(.+)$/i.exec(word) ?? []
  if (
    phrases().nouns.has(noun.toLowerCase()) &&
    ((sign === '=' && !isField(noun)) ||
      (sign !== '/' && value.includes('/')) ||
      (sign === '/' && isFollowed && phrases().verbs.has(value.toLowerCase())))
  )
    return [noun, value]
  if (plain.includes('/')) return [word]
  const quoted = plain.split(/\s+/)
  if (quoted.length > 1) return quoted.every(isPhrase) ? quoted : [word]
  const parts = word
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-')
    .split(/[-:._,]/)
    .map(plainWord)
    .filter(Boolean)
  const isKnown = (part: string) => isPhrase(part) || fillers.has(part)
  if (parts.length > 1) return parts.every(isKnown) && parts.some(isPhrase) ? parts : [word]
  return inTwo(plain) ?? [word]
}

/** `namespace=acme` gives a value. */
function isField(name: string) {
  return name in fieldAliases || Object.values(fieldAliases).some((others) => others.includes(name.toLowerCase()))
}

/** `buildlogs`, `mkrepo`, `listtags`. */
function inTwo(word: string): string[] | undefined {
  if (!/^[a-z]{6,24}$/.test(word)) return undefined
  const ends = Array.from({ length: word.length - 3 }, (_, index) => index + 2)
  const end = ends.find((one) => {
    const parts = [word.slice(0, one), word.slice(one)]
    return parts.every(isPhrase) && parts.some((part) => phrases().nouns.has(part))
  })
  return end === undefined ? undefined : [word.slice(0, end), word.slice(end)]
}

/** The words of a Japanese phrase, if one of them is a word of a command. */
function japaneseIn(word: string): string[] | undefined {
  const parts = inJapanese(word)
  return parts !== undefined && (parts.length > 1 || (parts.length === 1 && parts[0] !== word)) ? parts : undefined
}
