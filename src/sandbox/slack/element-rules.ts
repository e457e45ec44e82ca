import {
  confirm,
  conversationFilter,
  dispatchConfig,
  id,
  image,
  option,
  optionSource,
  overflowOption,
  placeholder,
  plain,
  richOption,
  sameOption,
} from './composition-rules.ts'
import { isFields, lengthOf, listOf } from './json.ts'
import { richText } from './rich-text-rules.ts'
import { address, boolean, exactlyOne, list, number, object, oneOf, type Rule, type Shape, semantic, string } from './rules.ts'

// The elements of Block Kit and the rules of each (docs/slack.md §1.4).
const kind = string()
const base = { action_id: id, confirm, focus_on_load: boolean }

function element(required: Shape, optional: Shape, ...also: Rule[]): Rule {
  return object({ type: kind, ...required }, { ...base, ...optional }, ...also)
}

const { focus_on_load: _none, ...pressed } = base

const button = object(
  { type: kind, text: plain(75) },
  {
    ...pressed,
    value: string({ max: 2000 }),
    url: address(3000),
    style: oneOf('primary', 'danger'),
    accessibility_label: string({ max: 75 }),
  },
)

const ids = list(string({ min: 1 }))
const single = { placeholder }
const multi = { placeholder, max_selected_items: number({ min: 1 }) }

/** The initial option must equal one of the options. */
const initialIsOffered: Rule = (value, at) => {
  if (!isFields(value)) return []
  const offered = [...listOf(value.options), ...listOf(value.option_groups).flatMap((group) => listOf(group.options))]
  const initial = [...(isFields(value.initial_option) ? [value.initial_option] : []), ...listOf(value.initial_options)]
  const name = value.initial_option === undefined ? 'initial_options' : 'initial_option'
  const wrong = initial.filter((one) => !offered.some((each) => sameOption(each, one)))
  return wrong.map(() => semantic(`\`${name}\` must match one of the options`, `${at}/${name}`))
}

const oneSource = exactlyOne('options', 'option_groups')

const textLengths: Rule = (value, at) => {
  if (!isFields(value)) return []
  const { min_length: min, max_length: max, initial_value: initial } = value
  if (typeof min === 'number' && typeof max === 'number' && min > max)
    return [semantic('must be less than `max_length`', `${at}/min_length`)]
  if (typeof initial === 'string' && typeof max === 'number' && lengthOf(initial) > max) {
    return [semantic(`must be less than ${max + 1} characters`, `${at}/initial_value`)]
  }
  return []
}

const numeric = string({ min: 1, pattern: /^-?\d+(?:\.\d+)?$/ })

const numberBounds: Rule = (value, at) => {
  if (!isFields(value)) return []
  const { min_value: min, max_value: max, initial_value: initial } = value
  const bound = (one: unknown) => (one === undefined ? undefined : Number(one))
  const [low, high, start] = [bound(min), bound(max), bound(initial)]
  if (low !== undefined && high !== undefined && low > high) return [semantic('must be less than `max_value`', `${at}/min_value`)]
  if (start !== undefined && ((low !== undefined && start < low) || (high !== undefined && start > high))) {
    return [semantic('must be between `min_value` and `max_value`', `${at}/initial_value`)]
  }
  return []
}

const typing = { initial_value: string({ max: 3000 }), dispatch_action_config: dispatchConfig, placeholder }

export const elements = {
  button,
  image,
  checkboxes: element(
    { options: list(richOption, { min: 1, max: 10 }) },
    { initial_options: list(richOption, { min: 1 }) },
    initialIsOffered,
  ),
  radio_buttons: element({ options: list(richOption, { min: 1, max: 10 }) }, { initial_option: richOption }, initialIsOffered),
  overflow: object({ type: kind, options: list(overflowOption, { min: 1, max: 5 }) }, pressed),
  static_select: element({}, { ...single, ...optionSource, initial_option: option }, oneSource, initialIsOffered),
  multi_static_select: element({}, { ...multi, ...optionSource, initial_options: list(option, { min: 1 }) }, oneSource, initialIsOffered),
  external_select: element({}, { ...single, min_query_length: number({ min: 0 }), initial_option: option }),
  multi_external_select: element({}, { ...multi, min_query_length: number({ min: 0 }), initial_options: list(option, { min: 1 }) }),
  users_select: element({}, { ...single, initial_user: string({ min: 1 }) }),
  multi_users_select: element({}, { ...multi, initial_users: ids }),
  conversations_select: element(
    {},
    { ...single, ...conversations(), initial_conversation: string({ min: 1 }), response_url_enabled: boolean },
  ),
  multi_conversations_select: element({}, { ...multi, ...conversations(), initial_conversations: ids }),
  channels_select: element({}, { ...single, initial_channel: string({ min: 1 }), response_url_enabled: boolean }),
  multi_channels_select: element({}, { ...multi, initial_channels: ids }),
  datepicker: element({}, { placeholder, initial_date: string({ pattern: /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/ }) }),
  timepicker: element({}, { placeholder, initial_time: string({ pattern: /^(?:[01]\d|2[0-3]):[0-5]\d$/ }), timezone: string({ min: 1 }) }),
  datetimepicker: element({}, { initial_date_time: number({ min: 1_000_000_000, max: 9_999_999_999 }) }),
  plain_text_input: element(
    {},
    { ...typing, multiline: boolean, min_length: number({ min: 0, max: 3000 }), max_length: number({ min: 1, max: 3000 }) },
    textLengths,
  ),
  email_text_input: element({}, typing),
  url_text_input: element({}, typing),
  number_input: element(
    { is_decimal_allowed: boolean },
    { ...typing, initial_value: numeric, min_value: numeric, max_value: numeric },
    numberBounds,
  ),
  rich_text_input: element(
    {},
    { ...typing, initial_value: richText, min_lines: number({ min: 1, max: 100 }), max_lines: number({ min: 1, max: 100 }) },
  ),
  file_input: object({ type: kind }, { action_id: id, filetypes: list(string({ min: 1 })), max_files: number({ min: 1, max: 10 }) }),
  workflow_button: object(
    { type: kind, text: plain(75), workflow: workflow() },
    { ...pressed, style: oneOf('primary', 'danger'), accessibility_label: string({ max: 75 }) },
  ),
  feedback_buttons: object({ type: kind, positive_button: feedback(), negative_button: feedback() }, { action_id: id }),
  icon_button: object(
    { type: kind, icon: oneOf('trash'), text: plain(75) },
    { action_id: id, confirm, value: string({ max: 2000 }), accessibility_label: string({ max: 75 }), visible_to_user_ids: ids },
  ),
}

function conversations() {
  return { default_to_current_conversation: boolean, filter: conversationFilter }
}

function workflow() {
  const parameter = object({ name: string({ min: 1 }), value: string() })
  return object({ trigger: object({ url: address() }, { customizable_input_parameters: list(parameter) }) })
}

function feedback() {
  return object({ text: plain(75) }, { value: string({ max: 2000 }), accessibility_label: string({ max: 75 }) })
}

type ElementName = keyof typeof elements

export function pick(...names: ElementName[]): Record<string, Rule> {
  return Object.fromEntries(names.map((name) => [name, elements[name]]))
}

const selects = [
  'static_select',
  'external_select',
  'users_select',
  'conversations_select',
  'channels_select',
  'multi_static_select',
  'multi_external_select',
  'multi_users_select',
  'multi_conversations_select',
  'multi_channels_select',
] as const

/** The blocks in which each element is allowed. */
export const accessories = pick(
  'image',
  'button',
  'checkboxes',
  'radio_buttons',
  'overflow',
  ...selects,
  'datepicker',
  'timepicker',
  'workflow_button',
)
export const actionElements = pick(
  ...(['button', 'checkboxes', 'radio_buttons', 'overflow', ...selects, 'datepicker', 'timepicker', 'datetimepicker'] as const),
  'workflow_button',
  'rich_text_input',
)
const inputs = [...selects, 'checkboxes', 'radio_buttons', 'datepicker', 'timepicker', 'datetimepicker'] as const
const texts = ['plain_text_input', 'email_text_input', 'url_text_input', 'number_input', 'rich_text_input'] as const
export const inputElements = pick(...inputs, ...texts)
/** File inputs are allowed in modals only. */
export const modalInputs = { ...inputElements, ...pick('file_input') }
