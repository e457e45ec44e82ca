import { stringify } from 'csv-stringify/sync'
import type { ListBlock, Value } from '../message-blocks.ts'
import { textOf } from './list.ts'

/** The rows of a list as a CSV file: numbers as numbers, moments in ISO, a value that is not there as nothing. */
export function csvOf({ columns, rows }: Pick<ListBlock, 'columns' | 'rows'>): string {
  const header = columns.map(({ name }) => name)
  const records = rows.map(({ cells }) => cells.map((cell) => (cell ? plainOf(cell) : '')))
  // A program for tables would compute a name that begins like a formula.
  return stringify([header, ...records], { escape_formulas: true })
}

function plainOf(value: Value): string | number {
  if (value.is === 'number') return value.number
  if (value.is === 'text' && value.whole !== undefined) return value.whole
  return value.is === 'moment' ? new Date(value.at).toISOString() : textOf(value)
}
