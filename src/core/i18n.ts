import { IntlMessageFormat } from 'intl-messageformat'
import { commas } from './commas.ts'
import { durationText } from './duration-text.ts'
import ja from './languages/ja.json' with { type: 'json' }
import { inline, type Markup } from './markup.ts'
import { slash } from './slash-command.ts'

/** A sentence as it is thrown and stored: an ICU message in English, which is also its key, and its values. */
export interface Sentence {
  message: string
  values: Record<string, Value>
}

/** A list is joined when the language is known (`commas`); a word of ours, a duration and a time in it are then said in it. */
export type Value = string | number | readonly (string | Word)[]

/** A message without values, such as `builds`; a duration in seconds; a moment in milliseconds since 1970. */
export type Word = { say: string } | { seconds: number } | { at: number }

export type Language = 'en' | 'ja'

export interface Translate {
  /** Renders Slack markup (mrkdwn). Every value is escaped, except markup made by `link`, `code` and similar functions. */
  (message: string, values?: Record<string, Value | Markup>): string
  /** Renders the sentence for places without markup (labels, titles, options). Nothing is escaped. */
  plain(message: string, values?: Record<string, Value>): string
  language: Language
}

const translations: Record<Language, Record<string, string>> = { en: {}, ja }

/** Maps Slack's locale ("ja-JP") to one of our languages; English if there is none. */
export function languageOf(locale: string | undefined): Language {
  return locale?.toLowerCase().startsWith('ja') ? 'ja' : 'en'
}

/** Renders sentences in one language. A sentence without a translation stays in English (a test reports it). */
export function translator(language: Language): Translate {
  // Any sentence can name a command: “See {slash} team list.”
  const write = (message: string, values: Record<string, string | number>) =>
    String(formatOf(language, message).format({ ...values, slash: slash() }))
  const item = (one: string | Word) => {
    if (typeof one === 'string') return one
    if ('say' in one) return write(one.say, {})
    return 'seconds' in one ? durationText(one.seconds, { language }) : timeText(one.at)
  }
  const joined = (value: Value) => (typeof value === 'object' ? commas({ language }, value.map(item)) : value)
  const drawn = (value: Value | Markup) => (typeof value === 'object' && 'markup' in value ? value.markup : escapedText(joined(value)))
  const translate = (message: string, values: Record<string, Value | Markup> = {}) => write(message, mapped(values, drawn))
  const plain = (message: string, values: Record<string, Value> = {}) => write(message, mapped(values, joined))
  return Object.assign(translate, { language, plain })
}

/** `2026-11-29 18:00 UTC`, where no markup lets Slack say it in the reader's time zone. */
function timeText(at: number) {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

const formats = new Map<string, IntlMessageFormat>()

function formatOf(language: Language, message: string) {
  const key = `${language} ${message}`
  // ICU would read Slack's <…> as tags, hence ignoreTag.
  const format =
    formats.get(key) ?? new IntlMessageFormat(translations[language][message] ?? message, language, undefined, { ignoreTag: true })
  formats.set(key, format)
  return format
}

function mapped<From, To>(values: Record<string, From>, write: (value: From) => To) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, write(value)]))
}

function escapedText(value: string | number) {
  return typeof value === 'string' ? inline(value) : value
}
