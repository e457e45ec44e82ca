import { japanese } from './japanese.ts'

let language: 'en' | 'ja' = 'en'

/** The language of the person whose screen is drawn, by their Slack locale. The page draws one person's at a time. */
export function speakTo(locale: string | undefined) {
  language = locale?.toLowerCase().startsWith('ja') ? 'ja' : 'en'
  document.documentElement.lang = language
}

/** The locale for dates and times. */
export function spoken() {
  return language
}

/** A text of the page in the person's language; `{name}` stands for a value. */
export function say(text: string, values: Record<string, string | number> = {}) {
  const words = language === 'ja' ? (japanese[text] ?? text) : text
  return words.replaceAll(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all))
}
