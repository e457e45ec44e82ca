import { pick } from './element-rules.ts'
import { fieldsOf, isFields, lengthOf, listOf, textOf } from './json.ts'
import { block } from './newer-block-rules.ts'
import { richText } from './rich-text-rules.ts'
import { address, list, number, object, oneOf, type Problem, type Rule, semantic, string, typed } from './rules.ts'

// Sortable tables, charts and plans (docs/slack.md §14).
const kind = string()

const rawText = object({ type: kind, text: string({ min: 1 }) })
const rawNumber = object({ type: kind, value: number({ whole: false }), text: string({ min: 1 }) })
const actionCell = object({ type: kind, element: typed(pick('button')) }, { fallback: typed({ raw_text: rawText, raw_number: rawNumber }) })
const headCell = typed({ raw_text: rawText, raw_number: rawNumber })
const dataCell = typed({ raw_text: rawText, raw_number: rawNumber, rich_text: richText, action_cell: actionCell })

function rowsOf(table: unknown): unknown[][] {
  const { rows } = fieldsOf(table)
  return Array.isArray(rows) ? rows.map((row) => (Array.isArray(row) ? row : [])) : []
}

const rows: Rule = (value, at) => {
  if (!Array.isArray(value)) return list(() => [])(value, at)
  const [head, ...data] = value
  const cells = { min: 1, max: 20 }
  return [
    ...list(() => [], { min: 2, max: 201 })(value, at),
    ...(head === undefined ? [] : list(headCell, cells)(head, `${at}/0`)),
    ...data.flatMap((row, index) => list(dataCell, cells)(row, `${at}/${index + 1}`)),
  ]
}

const even: Rule = (value, at) => {
  const all = rowsOf(value)
  const header = fieldsOf(value).row_header_column_index
  return [
    ...(new Set(all.map(({ length }) => length)).size > 1 ? [semantic('all rows must have the same number of cells', `${at}/rows`)] : []),
    ...(typeof header === 'number' && header >= (all[0]?.length ?? 0)
      ? [semantic('must be the index of a column', `${at}/row_header_column_index`)]
      : []),
  ]
}

export const dataTable = block(
  { caption: string({ min: 1 }), rows },
  { page_size: number({ min: 1, max: 100 }), row_header_column_index: number({ min: 0 }) },
  even,
)

/** The characters of everything that is drawn in the cells of a table. */
function charactersIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + charactersIn(one), 0)
  if (!isFields(value)) return 0
  return Object.entries(value).reduce(
    (sum, [key, one]) => sum + (typeof one === 'string' ? (key === 'text' ? lengthOf(one) : 0) : charactersIn(one)),
    0,
  )
}

/** The cells of all tables of a message together, and their rows where Slack is an older one. */
export function tableProblems(
  blocks: unknown,
  at: string,
  { rowsAtMost, charactersAtMost }: { rowsAtMost: number; charactersAtMost: number },
): Problem[] {
  const tables = listOf(blocks).filter(({ type }) => type === 'data_table')
  const long = tables.some((one) => rowsOf(one).length > rowsAtMost)
  return [
    ...(long ? [semantic(`no more than ${rowsAtMost} items allowed`, `${at}/rows`)] : []),
    ...(charactersIn(tables.map(rowsOf)) > charactersAtMost ? [semantic('data_table_cell_characters_exceeded', at)] : []),
  ]
}

const short = string({ min: 1, max: 20 })
const label = string({ min: 1, max: 50 })
const segments = list(object({ label: short, value: number({ whole: false, min: Number.MIN_VALUE }) }), { min: 1, max: 12 })
const point = object({ label: short, value: number({ whole: false }) })
const series = list(object({ name: short, data: list(point, { min: 1, max: 20 }) }), { min: 1, max: 12 })
const axes = object({ categories: list(short, { min: 1, max: 20 }) }, { x_label: label, y_label: label })

/** Names are unique, and each series has exactly one point for each category. */
const agrees: Rule = (value, at) => {
  const all = listOf(fieldsOf(value).series)
  const { categories } = fieldsOf(fieldsOf(value).axis_config)
  const wanted = JSON.stringify([...(Array.isArray(categories) ? categories : [])].sort())
  const labels = (one: unknown) =>
    JSON.stringify(
      listOf(one)
        .map((each) => textOf(each.label))
        .sort(),
    )
  return [
    ...(new Set(all.map(({ name }) => name)).size < all.length ? [semantic('series names must be unique', `${at}/series`)] : []),
    ...all.flatMap(({ data }, index) =>
      labels(data) === wanted ? [] : [semantic('must have exactly one data point for each category', `${at}/series/${index}/data`)],
    ),
  ]
}
const overAxes = object({ type: kind, axis_config: axes, series }, {}, agrees)

export const dataVisualization = block({
  title: label,
  chart: typed({ pie: object({ type: kind, segments }), bar: overAxes, area: overAxes, line: overAxes }),
})

const urlSource = typed({ url: object({ type: kind, url: address(), text: string({ min: 1 }) }) })
function task(...states: string[]) {
  return block(
    { task_id: string({ min: 1 }), title: string({ min: 1 }), status: oneOf(...states) },
    { details: richText, output: richText, sources: list(urlSource) },
  )
}

// Outside of a plan no task may be pending.
export const taskCard = task('in_progress', 'complete', 'error')

const distinct: Rule = (value, at) => {
  const ids = listOf(fieldsOf(value).tasks).map(({ task_id }) => task_id)
  return new Set(ids).size < ids.length ? [semantic('`task_id` must be unique', `${at}/tasks`)] : []
}
export const plan = block(
  { title: string({ min: 1 }) },
  { tasks: list(typed({ task_card: task('pending', 'in_progress', 'complete', 'error') })) },
  distinct,
)
