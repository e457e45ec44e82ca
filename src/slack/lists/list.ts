import { commas } from '../../core/commas.ts'
import { type Translate, translator } from '../../core/i18n.ts'
import { inline, type Markup, visible } from '../../core/markup.ts'
import { bold, clip, code, link, type Message, moment, rawMarkup, section } from '../blocks.ts'
import type { ListBlock, ListRow, MessageBlock, Value } from '../message-blocks.ts'

/** A column of a list. `undefined` is a value that is not there: it is left out of a sentence and is the lowest in a table. */
export interface Column<Row> {
  /** Its name in a CSV file. */
  name: string
  /** Its heading, translated. */
  title: string
  value(row: Row): Value | undefined
  /** The value in a sentence, where the value alone would not say what it is: `pushed {value}`, `immutable`. */
  said?(value: Markup, row: Row): string
  /** What stands in a table where there is no value: `never`. A dash unless said; a column of numbers should say more. */
  none?: string
  /** Those words stand in a sentence too. */
  saysNone?: true
}

export interface List<Row> {
  /** The first line of the message, as markup. It names the object and says how many there are. */
  headline: string
  rows: Row[]
  columns: Column<Row>[]
  /** The word that shows the object of a row: `acme/web:v1`, or its address in the console. */
  opens?(row: Row): string | undefined
  /** What stands between the headline and the list, and below the list. */
  before?: MessageBlock[]
  after?: MessageBlock[]
}

/** The message of a list. Without rows it is its first line, because an empty table does not exist. */
export function listMessage<Row>({ headline, rows, columns, opens, before = [], after = [] }: List<Row>, t: Translate): Message {
  const block: ListBlock = {
    type: 'list',
    language: t.language,
    caption: withoutMarkup(headline),
    ...rowsOf(rows, columns, opens, t),
  }
  const text = clip(summary(headline, block), 3900)
  return { text, blocks: [section(headline), ...before, ...(rows.length > 0 ? [block] : []), ...after] }
}

/** The rows with their values, from which a table, lines and a CSV file are made. */
export function rowsOf<Row>(
  rows: Row[],
  columns: Column<Row>[],
  opens: List<Row>['opens'],
  t: Pick<Translate, 'language'>,
): Pick<ListBlock, 'columns' | 'rows'> {
  return {
    columns: columns.map(({ name, title, none }) => ({ name, title, ...(none !== undefined && { none }) })),
    rows: rows.map((row) => rowOf(row, columns, opens?.(row), t)),
  }
}

function rowOf<Row>(row: Row, columns: Column<Row>[], word: string | undefined, t: Pick<Translate, 'language'>): ListRow {
  const cells = columns.map(({ value }) => value(row) ?? null)
  const said = columns.flatMap(({ said, none, saysNone }, index) => {
    const cell = cells[index]
    if (!cell) return saysNone && none ? [inline(none)] : []
    const value = rawMarkup(markupOf(cell))
    return [said ? said(value, row) : value.markup]
  })
  const [first = '–', ...rest] = said.filter((one) => one !== '')
  // A time says nothing of the object that the row leads to.
  const label = cells[0] && cells[0].is !== 'moment' ? textOf(cells[0]) : ''
  return {
    cells,
    line: rest.length > 0 ? `• ${first} – ${commas(t, rest)}` : `• ${first}`,
    ...(word !== undefined && { opens: { label: label || word, word } }),
  }
}

const named = 3

/** The headline with the first names of the list, for a notification and a screen reader. */
function summary(headline: string, { rows, language }: ListBlock) {
  const names = rows.flatMap(({ cells: [first] }) => (first?.is === 'text' ? [inline(first.text)] : []))
  if (names.length < rows.length || names.length === 0) return headline
  const t = translator(language)
  const rest = rows.length - named
  return t('{headline}: {names}{rest, plural, =0 {} other { and # more}}', {
    headline: rawMarkup(headline.replace(/[:：]$/, '')),
    names: rawMarkup(commas(t, names.slice(0, named))),
    rest: Math.max(0, rest),
  })
}

/** Text as Slack's plain fields take it: without marks and links, with the characters that markup escapes. */
export function withoutMarkup(markup: string) {
  return markup
    .replaceAll(/<[^<>|]*\|([^<>]*)>/g, '$1')
    .replaceAll(/<([^<>]*)>/g, '$1')
    .replaceAll(/[*`]/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

function markupOf(value: Value): string {
  switch (value.is) {
    case 'text':
      return value.url ? link(value.url, value.text).markup : look(value).markup
    case 'number':
    case 'rank':
      return inline(value.text)
    case 'moment':
      return moment(value.at).markup
    case 'person':
      return `<@${value.id}>`
    case 'channel':
      return `<#${value.id}>`
  }
}

function look({ text, look }: Extract<Value, { is: 'text' }>): Markup {
  if (look === 'code') return code(text)
  return look === 'bold' ? bold(text) : { markup: inline(text) }
}

/** What a cell says without markup, in the words of a table; moments are in UTC, since a table knows nobody's time zone. */
export function textOf(value: Value): string {
  switch (value.is) {
    case 'text':
    case 'number':
    case 'rank':
      return visible(value.text).replaceAll(/\s+/g, ' ').trim()
    case 'moment':
      return new Date(value.at).toISOString().slice(0, 16).replace('T', ' ')
    case 'person':
    case 'channel':
      return value.id
  }
}
