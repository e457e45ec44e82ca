import { Failure } from '../core/failure.ts'
import { isInvisible, narrow, withoutInvisibleEnds } from '../core/typed-characters.ts'

// A curly quote that a phone inserted may be closed by any quote of the same kind.
const double = /["“”„‟＂]/
const single = /['‘’＇]/
const closings: Record<string, RegExp> = {
  '"': double,
  '“': double,
  '”': double,
  '„': double,
  '＂': double,
  "'": single,
  '‘': single,
  '＇': single,
  '«': /»/,
  '「': /」/,
  '『': /』/,
}

/**
 * Splits slash text into words. Any white space separates words, no-break spaces included. Straight and curly quotes group, also
 * behind `name=`. Slack's escapes, its wrapped links, people and channels, code marks around words and invisible characters at the
 * ends of words are turned back into the typed text. Throws `invalid` for an unclosed quote.
 */
export function wordsOf(text: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let closing: RegExp | undefined
  const characters = [...unwrapped(text)]
  const lastMark = characters.lastIndexOf('`')
  for (const [index, character] of characters.entries()) {
    if (closing) {
      if (closing.test(character)) closing = undefined
      else word += character
    } else if (isSpace(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (character === '`') {
      // No name has a code mark. Behind `name=` it groups as a quote does; elsewhere it is dropped, as in a pasted `repo show acme/web`.
      if (word !== undefined && opensHere(word) && index < lastMark) closing = /`/
    } else if (closings[character] && opensHere(word)) {
      // A quote inside a word is an apostrophe.
      closing = closings[character]
      word ??= ''
    } else {
      word = (word ?? '') + character
    }
  }
  if (closing) throw new Failure('invalid', 'A closing quote is missing.')
  return (word === undefined ? words : [...words, word]).map(tidied)
}

function isSpace(character: string) {
  return /\s/u.test(character) && !isInvisible(character)
}

function opensHere(word: string | undefined) {
  return word === undefined || /[=＝]$/.test(word) || [...word].every(isInvisible)
}

/** `visibility＝public` is `visibility=public`. Only what stands before the sign is narrowed: what follows may be Japanese text. */
function tidied(word: string) {
  const whole = withoutInvisibleEnds(word)
  const sign = whole.search(/[=＝]/)
  const name = sign < 0 ? '' : narrow(withoutInvisibleEnds(whole.slice(0, sign)))
  return /^[-—–]{0,2}[\p{L}_-]{1,60}$/u.test(name) ? `${name}=${withoutInvisibleEnds(whole.slice(sign + 1))}` : whole
}

/** Turns Slack's markup back into text: `<@U1|alice>` is the person U1, `<https://x|x>` the URL, `&amp;` an `&`. */
function unwrapped(text: string) {
  return text
    .replaceAll(/<([@#])([A-Z0-9]+)(?:\|[^<>]*)?>/g, '$1$2')
    .replaceAll(/<!subteam\^([A-Z0-9]+)(?:\|[^<>]*)?>/g, '@$1')
    .replaceAll(/<((?:https?|mailto):[^|<>]+)(?:\|([^<>]*))?>/g, (_, address: string, label?: string) =>
      // Slack links text that merely looks like a URL (`quay.io/minio/mc`). The label is what was typed.
      label && address.endsWith(label) ? label : address.replace(/^mailto:/, ''),
    )
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
