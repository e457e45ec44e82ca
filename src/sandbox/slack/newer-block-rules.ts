import { id, image, words } from './composition-rules.ts'
import { pick } from './element-rules.ts'
import { fieldsOf, isFields } from './json.ts'
import { richText } from './rich-text-rules.ts'
import { address, anyOf, boolean, list, number, object, oneOf, type Rule, type Shape, semantic, string, typed } from './rules.ts'

const kind = string()

/** A block: its type, its id, and its fields. */
export function block(required: Shape, optional: Shape = {}, ...also: Rule[]): Rule {
  return object({ type: kind, ...required }, { block_id: id, ...optional }, ...also)
}

// The newer blocks: tables, charts, cards and those of assistants (docs/slack.md §1.3).
const cell = typed({ raw_text: object({ type: kind, text: string({ min: 1 }) }), rich_text: richText })
const column = (value: unknown, at: string) =>
  value === null ? [] : object({}, { align: oneOf('left', 'center', 'right'), is_wrapped: boolean })(value, at)
export const table = block(
  { rows: list(list(cell, { min: 1, max: 20 }), { min: 1, max: 100 }) },
  { column_settings: list(column, { max: 20 }) },
)

const dataCell = typed({
  raw_text: object({ type: kind, text: string() }),
  raw_number: object({ type: kind, value: number({ whole: false }) }, { text: string() }),
  rich_text: richText,
})
const equalRows: Rule = (value, at) => {
  const { rows } = fieldsOf(value)
  if (!Array.isArray(rows) || new Set(rows.map((row) => (Array.isArray(row) ? row.length : 0))).size <= 1) return []
  return [semantic('all rows must have the same number of cells', `${at}/rows`)]
}
export const dataTable = block(
  { caption: string({ min: 1 }), rows: list(list(dataCell, { min: 1, max: 20 }), { min: 1, max: 101 }) },
  { page_size: number({ min: 1, max: 100 }), row_header_column_index: number({ min: 0 }) },
  equalRows,
)

// Charts change often and sources differ (docs/slack.md §13), so only their frame is checked.
export const dataVisualization = block({
  title: string({ min: 1, max: 50 }),
  chart: (value, at) => (isFields(value) ? [] : object({})(value, at)),
})

export const card = block(
  {},
  {
    hero_image: typed({ image }),
    icon: typed({ image }),
    title: words(150),
    subtitle: words(150),
    body: words(200),
    actions: list(typed(pick('button')), { min: 1, max: 2 }),
  },
  anyOf('hero_image', 'title', 'actions', 'body'),
)
export const carousel = block({ elements: list(typed({ card }), { min: 1, max: 10 }) })

export const alert = block({ text: words(3000) }, { level: oneOf('default', 'info', 'warning', 'error', 'success') })
export const contextActions = block({ elements: list(typed(pick('feedback_buttons', 'icon_button')), { min: 1, max: 5 }) })
const urlSource = typed({ url: object({ type: kind, url: address(), text: string({ min: 1 }) }) })
export const taskCard = block(
  { task_id: string({ min: 1 }), title: string({ min: 1 }), status: oneOf('pending', 'in_progress', 'complete', 'error') },
  { details: richText, output: richText, sources: list(urlSource) },
)
export const plan = block({ title: string({ min: 1 }) }, { tasks: list(typed({ task_card: taskCard })) })
