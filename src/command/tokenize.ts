import { Failure } from '../core/failure.ts'

const quotes: Record<string, string> = { '"': '"', '“': '”', '”': '”', '„': '“', '«': '»', "'": "'", '‘': '’' }
// The same mark closes what a phone opened with its curly twin.
const alike: Record<string, RegExp> = { '"': /["“”]/, '”': /["“”]/, '“': /["“”]/, '»': /»/, "'": /['‘’]/, '’': /['‘’]/ }

/**
 * Splits slash text into words. Any white space separates (no-break spaces too), quotes group, straight or curly,
 * also behind a `name=`. Slack's escapes and its wrapped links, people and channels become what was typed.
 * Throws `invalid` for a quote that never ends.
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

/** What Slack made of the text: `<@U1|alice>` is the person U1, `<https://x|x>` the address, `&amp;` an `&`. */
function unwrapped(text: string) {
  return text
    .replaceAll(/<([@#])([A-Z0-9]+)(?:\|[^<>]*)?>/g, '$1$2')
    .replaceAll(/<!subteam\^([A-Z0-9]+)(?:\|[^<>]*)?>/g, '@$1')
    .replaceAll(/<((?:https?|mailto):[^|<>]+)(?:\|([^<>]*))?>/g, (_, address: string, label?: string) =>
      // Slack links what merely looks like an address (`quay.io/minio/mc`): what was typed is the label.
      label && address.endsWith(label) ? label : address,
    )
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
