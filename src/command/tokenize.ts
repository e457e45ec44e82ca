import { Failure } from '../core/failure.ts'

const quotes: Record<string, string> = { '"': '"', '“': '”', '”': '”', '„': '“', '«': '»', "'": "'", '‘': '’' }
// A curly quote that a phone inserted may be closed by any quote of the same kind.
const alike: Record<string, RegExp> = { '"': /["“”]/, '”': /["“”]/, '“': /["“”]/, '»': /»/, "'": /['‘’]/, '’': /['‘’]/ }

/**
 * Splits slash text into words. Any white space separates words, no-break spaces included. Straight and curly quotes group, also
 * behind `name=`. Slack's escapes and its wrapped links, people and channels are turned back into the typed text.
 * Throws `invalid` for an unclosed quote.
 */
export function wordsOf(text: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let closing: RegExp | undefined
  for (const character of unwrapped(text)) {
    if (closing) {
      if (closing.test(character)) closing = undefined
      else word += character
    } else if (/\s/u.test(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (quotes[character] && (word === undefined || word.endsWith('='))) {
      // A quote inside a word is an apostrophe.
      closing = alike[quotes[character]]
      word ??= ''
    } else {
      word = (word ?? '') + character
    }
  }
  if (closing) throw new Failure('invalid', 'A quotation mark is opened and never closed.')
  return word === undefined ? words : [...words, word]
}

/** Turns Slack's markup back into text: `<@U1|alice>` is the person U1, `<https://x|x>` the URL, `&amp;` an `&`. */
function unwrapped(text: string) {
  return text
    .replaceAll(/<([@#])([A-Z0-9]+)(?:\|[^<>]*)?>/g, '$1$2')
    .replaceAll(/<!subteam\^([A-Z0-9]+)(?:\|[^<>]*)?>/g, '@$1')
    .replaceAll(/<((?:https?|mailto):[^|<>]+)(?:\|([^<>]*))?>/g, (_, address: string, label?: string) =>
      // Slack links text that merely looks like a URL (`quay.io/minio/mc`). The label is what was typed.
      label && address.endsWith(label) ? label : address,
    )
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
