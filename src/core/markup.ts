/** Text that is already Slack's markup and is not escaped again. */
export interface Markup {
  markup: string
}

/** Escapes Slack's three characters and makes invisible ones visible. All text from outside passes through here once. */
export function escaped(text: string) {
  return visible(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

// Controls, soft hyphens, fillers, zero-width characters, direction marks and overrides, separators, tags, lone surrogates.
const invisible =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}\p{Cs}]|\u034f|[\u180b-\u180d\u180f]/gu
// Joiners between two emoji are part of the emoji.
const joined = /\p{Extended_Pictographic}\ufe0f?\u200d(?=\p{Extended_Pictographic})/gu
const joiner = '\u0001'

/** Makes hidden characters visible: `⟨U+202E⟩` for a change of direction or a zero-width character. Line breaks and tabs stay. */
export function visible(text: string) {
  if (text.search(invisible) < 0) return text
  return text
    .replaceAll(joiner, shownCode)
    .replaceAll(joined, (emoji) => emoji.replace('\u200d', joiner))
    .replaceAll(invisible, (one) => (one === joiner ? '\u200d' : shownCode(one)))
}

function shownCode(character: string) {
  return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`
}

// Characters that would start bold, italic, struck text, code, a quotation or an emoji are replaced by look-alikes.
const alike: Record<string, string> = { '*': '∗', _: '＿', '~': '∼', '`': 'ˋ' }

/** Foreign text within a sentence: on one line and without markup. */
export function inline(text: string) {
  return escaped(text.replaceAll(/[\r\n\v\f\u0085\u2028\u2029]{1,10}/g, ' ⏎ '))
    .replaceAll(/(^|[\s\p{P}\p{S}])([*_~`])(?=\S)/gu, (_, before: string, mark: string) => `${before}${alike[mark] ?? mark}`)
    .replaceAll(/(\d?):(?=([\w+'-]{1,100}):)/g, (all, before: string, name: string) => (before && /^\d+$/.test(name) ? all : `${before}∶`))
}
