import type { KnownBlock } from '@slack/types'
import { translator } from '../../core/i18n.ts'
import { lines, note } from '../blocks.ts'
import type { ListBlock, TableBlock } from '../message-blocks.ts'
import { openSelect, tableOf } from './table.ts'

export interface ListModes {
  table: boolean
  /** Buttons in the cells of a table, instead of a select below it. */
  cellButtons: boolean
}

/** A list as a table or as lines, the select that opens its objects, and what did not fit. */
export function drawList(list: ListBlock, { table, cellButtons }: ListModes): (KnownBlock | TableBlock)[] {
  return table ? asTable(list, cellButtons) : asLines(list)
}

function asTable(list: ListBlock, withButtons: boolean) {
  const { table, left } = tableOf(list, { withButtons: withButtons && list.rows.some(({ opens }) => opens) })
  const select = withButtons ? undefined : openSelect(list, list.rows.length - left)
  return [table, ...leftOut(list, left), ...(select ? [select] : [])]
}

const charactersAtMost = 8_000

function asLines(list: ListBlock) {
  let budget = charactersAtMost
  const drawn = list.rows.filter(({ line }, index) => {
    budget -= [...line].length + 1
    return budget >= 0 || index === 0
  })
  const select = openSelect(list, drawn.length)
  return [...lines(drawn.map(({ line }) => line)), ...leftOut(list, list.rows.length - drawn.length), ...(select ? [select] : [])]
}

function leftOut({ language }: ListBlock, left: number) {
  if (left <= 0) return []
  const t = translator(language)
  return [note(t('{left, plural, one {# more does} other {# more do}} not fit in this message. *Download* has all of them.', { left }))]
}
