import type { InputBlock, PlainTextOption } from '@slack/types'
import type { Given } from '../../command/arguments.ts'
import type { Field } from '../../command/fields.ts'
import { entryOf } from '../../core/foreign-text.ts'
import type { Translate } from '../../core/i18n.ts'
import { clip, plain } from '../../slack/blocks.ts'

/** The element of an input block: which one follows from the field's type alone. */
export function inputBlock(field: Field, given: Given, t: Translate, { edits = false } = {}): InputBlock {
  return {
    type: 'input',
    block_id: field.name,
    label: plain(clip(t.plain(field.label), 75)),
    // A hint is plain text here, where the help has code style.
    ...(field.hint && { hint: plain(clip(t.plain(field.hint).replaceAll('`', ''), 300)) }),
    optional: !field.required,
    element: { ...elementOf(field, given[field.name] ?? field.default, t, edits), action_id: field.name } as InputBlock['element'], // Slack's types have no common type of all elements
  }
}

function elementOf(field: Field, value: unknown, t: Translate, edits: boolean): Omit<InputBlock['element'], 'action_id'> {
  if (field.of === 'channel') return { type: 'channels_select', ...(isChannel(value) && { initial_channel: value.replace(/^#/, '') }) }
  // A name that is too long for an option would be cut and then name another object, so it becomes a text field.
  if (field.of && [value ?? []].flat().every((one) => isOption(String(one)))) return external(field, value)
  if (field.type === 'choice' || field.type === 'boolean') return choice(field, value, t, edits)
  if (field.type === 'choices') return choices(field, value, t)
  if (field.type === 'date') return { type: 'datepicker', ...(isDate(value) && { initial_date: value }) }
  if (field.type === 'number') return numberInput(field, value)
  return textInput(field, value)
}

const leave = 'leave'

/** A boolean is a choice of yes and no, because a required checkbox cannot be left empty. */
function choice(field: Field, value: unknown, t: Translate, edits: boolean) {
  const values = field.type === 'boolean' ? ['yes', 'no'] : field.options
  // Radio buttons cannot be cleared, so an edit offers “leave as it is” as a choice.
  const leaves = field.type === 'boolean' && edits && value === undefined
  const options = [
    ...(leaves ? [option(leave, t.plain('Keep current value'))] : []),
    ...values.map((one) => option(one, labelOf(field, one, t))),
  ]
  const chosen = typeof value === 'boolean' ? (value ? 'yes' : 'no') : leaves ? leave : value
  const initial = options.find((one) => one.value === chosen)
  const type = options.length <= 5 ? ('radio_buttons' as const) : ('static_select' as const)
  return { type, options, ...(initial && { initial_option: initial }) }
}

function choices(field: Field, value: unknown, t: Translate) {
  const options = field.options.map((one) => option(one, labelOf(field, one, t)))
  const initial = options.filter((one) => Array.isArray(value) && value.includes(one.value))
  const type = options.length <= 10 ? ('checkboxes' as const) : ('multi_static_select' as const)
  return { type, options, ...(initial.length > 0 && { initial_options: initial }) }
}

/** Suggestions come from the bot while somebody types (surfaces/suggestions/listener.ts). */
function external(field: Field, value: unknown) {
  const names = new Set([value ?? []].flat().map(String).filter(Boolean))
  const given = [...names].map((one) => option(one, one))
  if (field.type === 'list')
    return { type: 'multi_external_select' as const, min_query_length: 0, ...(given.length > 0 && { initial_options: given }) }
  const [initial] = given
  return { type: 'external_select' as const, min_query_length: 0, ...(initial?.value && { initial_option: initial }) }
}

/** A given value that is not a valid number is left out, because Slack would refuse the whole modal. */
function isNumberFor({ integer, minimum = -Infinity, maximum = Infinity }: Field, value: unknown): value is number {
  return typeof value === 'number' && (!integer || Number.isInteger(value)) && value >= minimum && value <= maximum
}

function numberInput(field: Field, value: unknown) {
  const { integer, minimum, maximum } = field
  // JSON Schema gives every integer the bounds of a double, which would only confuse as limits in a modal.
  const bound = (limit: number | undefined) =>
    limit !== undefined && Math.abs(limit) < Number.MAX_SAFE_INTEGER ? String(limit) : undefined
  const [min, max] = [bound(minimum), bound(maximum)]
  return {
    type: 'number_input' as const,
    is_decimal_allowed: !integer,
    ...(min !== undefined && { min_value: min }),
    ...(max !== undefined && { max_value: max }),
    ...(isNumberFor(field, value) && { initial_value: String(value) }),
  }
}

function textInput(field: Field, value: unknown) {
  const text = clip(Array.isArray(value) ? value.join(', ') : String(value ?? ''), 3000)
  return {
    type: 'plain_text_input' as const,
    multiline: field.multiline,
    // A value that is too long is kept, so that nothing has to be typed again; the schema reports it at submission.
    ...(field.maxLength !== undefined &&
      field.type === 'string' && { max_length: Math.min(3000, Math.max(field.maxLength, [...text].length)) }),
    ...(text && !field.secret && { initial_value: text }),
  }
}

function labelOf({ labels }: Field, value: string, t: Translate) {
  return t.plain(entryOf(labels, value) ?? value.charAt(0).toUpperCase() + value.slice(1))
}

/** Slack accepts 75 characters in the value of an option; a longer value cannot be an option. */
export function isOption(value: string) {
  return [...value].length <= 75
}

/** An entry of a menu; what is longer than Slack takes is cut. */
export function option(value: string, text: string): PlainTextOption & { value: string } {
  return { text: plain(clip(text, 75)), value }
}

function isDate(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value))
}

function isChannel(value: unknown): value is string {
  return typeof value === 'string' && /^#?[CG][A-Z0-9]+$/.test(value)
}

interface State {
  type: string
  value?: string | null
  selected_option?: { value: string } | null
  selected_options?: { value: string }[]
  selected_date?: string | null
  selected_channel?: string | null
}

/** The value of a modal's element, converted to the type of the field; undefined if the field is empty. */
export function stateValue(field: Field, state: State | undefined): unknown {
  if (!state) return undefined
  const chosen = state.selected_option?.value ?? state.selected_date ?? state.selected_channel ?? undefined
  if (Array.isArray(state.selected_options))
    return state.selected_options.length > 0 ? state.selected_options.map((one) => one.value) : undefined
  if (field.type === 'boolean' && chosen !== undefined) return chosen === leave ? undefined : chosen === 'yes'
  if (chosen !== undefined) return chosen
  const text = typeof state.value === 'string' ? state.value.trim() : ''
  if (!text) return undefined
  if (field.type === 'number') return Number.isFinite(Number(text)) ? Number(text) : text
  return field.type === 'list'
    ? text
        .split(/[,\n]/)
        .map((one) => one.trim())
        .filter(Boolean)
    : text
}
