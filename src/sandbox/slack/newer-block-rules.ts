import { id, image, words } from './composition-rules.ts'
import { pick } from './element-rules.ts'
import { richText } from './rich-text-rules.ts'
import { anyOf, boolean, list, object, oneOf, type Rule, type Shape, string, typed } from './rules.ts'

const kind = string()

/** A block: its type, its id, and its fields. */
export function block(required: Shape, optional: Shape = {}, ...also: Rule[]): Rule {
  return object({ type: kind, ...required }, { block_id: id, ...optional }, ...also)
}

// The newer blocks: tables, cards and those of assistants (docs/slack.md §1.3).
const cell = typed({ raw_text: object({ type: kind, text: string({ min: 1 }) }), rich_text: richText })
const column = (value: unknown, at: string) =>
  value === null ? [] : object({}, { align: oneOf('left', 'center', 'right'), is_wrapped: boolean })(value, at)
export const table = block(
  { rows: list(list(cell, { min: 1, max: 20 }), { min: 1, max: 100 }) },
  { column_settings: list(column, { max: 20 }) },
)

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
