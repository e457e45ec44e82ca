import type { Translate } from './i18n.ts'

/**
 * Items as a list in the language. Where Japanese writes “または” without spaces, they are set beside markup and Latin words: Slack
 * draws bold text and mentions only where no letter stands beside them.
 */
export function listText(t: Translate, type: 'conjunction' | 'disjunction', items: string[]) {
  const parts = new Intl.ListFormat(t.language, { type }).formatToParts(items).map(({ value }) => value)
  return parts.reduce((text, part) => (needsSpace(text.at(-1), part.at(0)) ? `${text} ${part}` : text + part), '')
}

function needsSpace(before = '', after = '') {
  return (isJapanese(before) && isOther(after)) || (isOther(before) && isJapanese(after))
}

function isJapanese(character: string) {
  return /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/u.test(character)
}

/** A Latin letter, or a mark that begins or ends markup. */
function isOther(character: string) {
  return /[\w*`<>)]/.test(character)
}

/** `commas` (commas.ts) of items that may hold commas themselves. */
export function semicolons(t: Pick<Translate, 'language'>, items: string[]) {
  return items.join(t.language === 'ja' ? '、' : '; ')
}

/** Sentences one after the other: Japanese sets no space between them. */
export function sentences(t: Translate, all: string[]) {
  return all.filter(Boolean).join(t.language === 'ja' ? '' : ' ')
}
