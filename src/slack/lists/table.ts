import type { ActionsBlock, Button, PlainTextOption } from '@slack/types'
import { translator } from '../../core/i18n.ts'
import { plain } from '../blocks.ts'
import type { Cell, Leaf, ListBlock, ListRow, RawText, RichText, TableBlock, Value } from '../message-blocks.ts'
import { textOf } from './list.ts'

// Slack takes 200 rows and 20,000 characters, and took half of that before the summer of 2026 (docs/slack.md §14).
const rowsAtMost = 100
// With the select below it a message keeps below what Slack counts in all its blocks (fitted.ts).
const cellsAtMost = 8_600
const lengths = [200, 120, 80, 60, 40, 30, 20]

/** Whether a table has to shorten or leave out something, and the most it draws of it. */
export function tableOf(whole: ListBlock, { withButtons }: { withButtons: boolean }): { table: TableBlock; left: number } {
  const list = withValues(whole)
  const numeric = list.columns.map((_, index) => isNumeric(list.rows, index))
  const all = list.rows.slice(0, rowsAtMost)
  const drawn = (length: number, rows: ListRow[]) => [
    headOf(list, withButtons, length),
    ...rows.map((row) => [
      ...list.columns.map(({ none }, index) => cellOf(row.cells[index] ?? null, { isNumber: numeric[index] ?? false, none, length })),
      ...(withButtons ? [buttonCell(row, list)] : []),
    ]),
  ]
  const last = lengths.at(-1) ?? 20
  const length = lengths.find((one) => charactersIn(drawn(one, all)) <= cellsAtMost) ?? last
  // Cells of twenty characters are told apart no longer: what still does not fit is left out, and said.
  let rows = all
  while (rows.length > 1 && charactersIn(drawn(length, rows)) > cellsAtMost) rows = rows.slice(0, -1)
  const table: TableBlock = {
    type: 'data_table',
    caption: shortened(list.caption, 200) || '–',
    page_size: 20,
    row_header_column_index: 0,
    rows: drawn(length, rows),
  }
  return { table, left: list.rows.length - rows.length }
}

/** Without the columns in which no row has a value, such as sizes where Quay counts none. */
function withValues({ columns, rows, ...list }: ListBlock): ListBlock {
  const kept = columns.map((_, index) => index === 0 || rows.some(({ cells }) => cells[index]))
  const only = <One>(all: One[]) => all.filter((_, index) => kept[index])
  return { ...list, columns: only(columns), rows: rows.map((row) => ({ ...row, cells: only(row.cells) })) }
}

function headOf({ columns, language }: ListBlock, withButtons: boolean, length: number): Cell[] {
  const titles = [...columns.map(({ title }) => title), ...(withButtons ? [translator(language).plain('Open')] : [])]
  return titles.map((title) => ({ type: 'raw_text', text: shortened(title, length) }))
}

/** A column sorts as numbers only if each of its cells is one. */
function isNumeric(rows: ListRow[], index: number) {
  const there = rows.flatMap(({ cells }) => cells[index] ?? [])
  return there.length > 0 && there.every(({ is }) => is === 'number' || is === 'rank' || is === 'moment')
}

function cellOf(
  value: Value | null,
  { isNumber, none = '–', length }: { isNumber: boolean; none: string | undefined; length: number },
): Cell {
  if (!value) return isNumber ? { type: 'raw_number', value: -1, text: none } : { type: 'raw_text', text: none }
  if (value.is === 'person') return leaf({ type: 'user', user_id: value.id })
  if (value.is === 'channel') return leaf({ type: 'channel', channel_id: value.id })
  const text = shortened(textOf(value), length) || '–'
  if (value.is === 'number' || value.is === 'rank') return { type: 'raw_number', value: value.number, text }
  // Epoch seconds sort, the text is what is read.
  return value.is === 'moment' ? { type: 'raw_number', value: Math.floor(value.at / 1000), text } : { type: 'raw_text', text }
}

function leaf(element: Leaf): RichText {
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [element] }] }
}

const openAction = 'object:open'
// The documentation has 150 and 75 (docs/slack.md §1.2); a word that does not fit cannot be cut.
const wordAtMost = 150

function buttonCell({ opens }: ListRow, { language, rows }: ListBlock): Cell {
  const fallback: RawText = { type: 'raw_text', text: shortened(opens?.label ?? '–', 40) || '–' }
  if (!opens || opens.word.length > wordAtMost) return fallback
  const index = rows.findIndex((row) => row.opens === opens)
  const element: Button = {
    type: 'button',
    action_id: `${openAction}#${index}`,
    value: opens.word,
    text: plain(translator(language).plain('Open')),
  }
  return { type: 'action_cell', element, fallback }
}

const optionsAtMost = 1_800

/** The select below a list, whose choice shows the object of a row. Undefined if no row has one. */
export function openSelect({ rows, language }: ListBlock, drawn: number): ActionsBlock | undefined {
  const words = new Map(
    rows.slice(0, drawn).flatMap(({ opens }) => (opens && opens.word.length <= wordAtMost ? [[opens.word, opens.label] as const] : [])),
  )
  const length = Math.min(75, Math.max(18, Math.floor(optionsAtMost / Math.max(1, words.size))))
  const options: PlainTextOption[] = [...words].slice(0, 100).map(([value, label]) => ({ text: plain(shortened(label, length)), value }))
  if (options.length === 0) return undefined
  const placeholder = plain(translator(language).plain('Open'))
  return { type: 'actions', elements: [{ type: 'static_select', action_id: openAction, placeholder, options }] }
}

/** Long names differ at their end as often as at their beginning, so the middle is left out. Counts characters as Slack does. */
function shortened(text: string, length: number) {
  const characters = [...text]
  if (characters.length <= length) return text
  const half = Math.floor((length - 1) / 2)
  return `${characters.slice(0, length - 1 - half).join('')}…${characters.slice(-half).join('')}`
}

/** The characters that Slack counts in the cells of a table. */
function charactersIn(rows: Cell[][]) {
  return rows.flat().reduce((sum, cell) => sum + lengthOf(cell), 0)
}

function lengthOf(cell: Cell) {
  if (cell.type === 'raw_text' || cell.type === 'raw_number') return [...cell.text].length
  return cell.type === 'action_cell' ? 4 + [...cell.fallback.text].length : 12
}
