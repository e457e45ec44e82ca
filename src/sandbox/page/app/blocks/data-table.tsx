import { useId, useState } from 'react'
import { Interactive } from '../elements/interactive.tsx'
import type { Surface } from '../elements/surface.ts'
import type { Block, Element } from '../types.ts'
import { say, spoken } from '../words.ts'
import { Readable } from './readable.tsx'

interface Cell {
  type: 'raw_text' | 'raw_number' | 'rich_text' | 'action_cell'
  text?: string
  value?: number
  element?: Element
  elements?: { elements: { user_id?: string; channel_id?: string; text?: string }[] }[]
}

interface Sorting {
  column: number
  isUp: boolean
}

/** Slack's sortable table: its client sorts by a press of a heading, and pages. */
export function DataTable({ block, surface }: { block: Block; surface: Surface }) {
  const id = useId()
  const [sorting, setSorting] = useState<Sorting>()
  const [page, setPage] = useState(0)
  const {
    caption,
    page_size: size = 5,
    row_header_column_index: header,
  } = block as Block & { caption: string; page_size?: number; row_header_column_index?: number } // the simulator has checked it
  const [head = [], ...rows] = block.rows as Cell[][] // the simulator has checked it
  const shown = sorting ? sorted(rows, sorting) : rows
  const first = Math.min(page, Math.ceil(rows.length / size) - 1) * size
  const sort = (column: number) => {
    setSorting((before) => ({ column, isUp: before?.column === column ? !before.isUp : true }))
    setPage(0)
  }
  return (
    <div className="data-table">
      {/* A wide table is scrolled, by the keyboard too. */}
      <section className="scrolled" aria-labelledby={id} tabIndex={0}>
        <table>
          <caption id={id} className="hidden">
            {caption}
          </caption>
          <thead>
            <tr>
              {head.map((cell, column) => (
                <Heading
                  key={cell.text}
                  text={cell.text ?? ''}
                  sorting={sorting?.column === column ? sorting : undefined}
                  sort={() => sort(column)}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.slice(first, first + size).map((row) => (
              <tr key={rows.indexOf(row)}>
                {row.map((cell, column) => (
                  <OneCell key={head[column]?.text} cell={cell} isHeader={column === header} block={block} surface={surface} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {rows.length > size && (
        <nav className="pager" aria-labelledby={id}>
          <button type="button" className="button default" disabled={first === 0} onClick={() => setPage(first / size - 1)}>
            {say('Previous rows')}
          </button>
          <span role="status">
            {say('{first}–{last} of {all}', { first: first + 1, last: Math.min(first + size, rows.length), all: rows.length })}
          </span>
          <button type="button" className="button default" disabled={first + size >= rows.length} onClick={() => setPage(first / size + 1)}>
            {say('Next rows')}
          </button>
        </nav>
      )}
    </div>
  )
}

function Heading({ text, sorting, sort }: { text: string; sorting: Sorting | undefined; sort: () => void }) {
  const order = sorting ? (sorting.isUp ? 'ascending' : 'descending') : 'none'
  return (
    <th scope="col" aria-sort={order}>
      <button type="button" onClick={sort}>
        {text}
        <span aria-hidden="true">{sorting ? (sorting.isUp ? ' ▲' : ' ▼') : ' ↕'}</span>
      </button>
    </th>
  )
}

interface Drawn {
  cell: Cell
  block: Block
  surface: Surface
}

function OneCell({ isHeader, ...drawn }: Drawn & { isHeader: boolean }) {
  if (isHeader)
    return (
      <th scope="row">
        <CellText {...drawn} />
      </th>
    )
  return (
    <td className={drawn.cell.type === 'raw_number' ? 'number' : undefined}>
      <CellText {...drawn} />
    </td>
  )
}

function CellText({ cell, block, surface }: Drawn) {
  if (cell.type === 'action_cell' && cell.element)
    return <Interactive element={cell.element} block={block.block_id ?? ''} surface={surface} />
  if (cell.type === 'rich_text') return <Readable block={cell as Block} /> // rich text, like the block of that name
  return cell.text ?? String(cell.value ?? '')
}

/** A column is sorted as numbers only if all its cells are numbers. */
function sorted(rows: Cell[][], { column, isUp }: Sorting) {
  const cells = rows.map((row) => row[column])
  const areNumbers = cells.every((cell) => cell?.type === 'raw_number')
  const compare = new Intl.Collator(spoken(), { numeric: false }).compare
  const order = rows.toSorted((one, other) =>
    areNumbers ? (one[column]?.value ?? 0) - (other[column]?.value ?? 0) : compare(wordsOf(one[column]), wordsOf(other[column])),
  )
  return isUp ? order : order.toReversed()
}

function wordsOf(cell: Cell | undefined): string {
  const leaves = cell?.elements?.flatMap(({ elements }) => elements) ?? []
  return cell?.text ?? cell?.element?.text?.text ?? leaves.map((leaf) => leaf.text ?? leaf.user_id ?? leaf.channel_id ?? '').join('')
}
