import { type Fields, isFields, listOf, textOf } from './json.ts'

export interface Placed {
  block: Fields
  block_id: string
  element: Fields
  action_id: string
}

export type Typed = Record<string, Record<string, Fields>>

/** Every interactive element in these blocks, at any depth. */
export function elementsOf(blocks: Fields[]): Placed[] {
  return blocks.flatMap((block) => {
    const inner = [...listOf(block.elements), ...listOf(block.actions), block.accessory, block.element].filter(isFields)
    const own = inner
      .filter((element) => typeof element.action_id === 'string')
      .map((element) => ({ block, block_id: textOf(block.block_id), element, action_id: textOf(element.action_id) }))
    const cells = Array.isArray(block.rows)
      ? block.rows.flatMap((row: unknown) => listOf(row)).filter(({ type }) => type === 'action_cell')
      : []
    return [
      ...own,
      ...elementsOf(cells.map(({ element }) => ({ block_id: block.block_id, element }))),
      ...elementsOf(listOf(block.child_blocks)),
      ...elementsOf(block.type === 'carousel' ? listOf(block.elements) : []),
    ]
  })
}

// The field and the initial value of a state, by the type of the element (docs/slack.md §3).
const states: Record<string, { key: string; initial: string; empty: unknown }> = {
  plain_text_input: { key: 'value', initial: 'initial_value', empty: null },
  email_text_input: { key: 'value', initial: 'initial_value', empty: null },
  url_text_input: { key: 'value', initial: 'initial_value', empty: null },
  number_input: { key: 'value', initial: 'initial_value', empty: null },
  rich_text_input: { key: 'rich_text_value', initial: 'initial_value', empty: null },
  static_select: { key: 'selected_option', initial: 'initial_option', empty: null },
  external_select: { key: 'selected_option', initial: 'initial_option', empty: null },
  radio_buttons: { key: 'selected_option', initial: 'initial_option', empty: null },
  checkboxes: { key: 'selected_options', initial: 'initial_options', empty: [] },
  multi_static_select: { key: 'selected_options', initial: 'initial_options', empty: [] },
  multi_external_select: { key: 'selected_options', initial: 'initial_options', empty: [] },
  users_select: { key: 'selected_user', initial: 'initial_user', empty: null },
  multi_users_select: { key: 'selected_users', initial: 'initial_users', empty: [] },
  conversations_select: { key: 'selected_conversation', initial: 'initial_conversation', empty: null },
  multi_conversations_select: { key: 'selected_conversations', initial: 'initial_conversations', empty: [] },
  channels_select: { key: 'selected_channel', initial: 'initial_channel', empty: null },
  multi_channels_select: { key: 'selected_channels', initial: 'initial_channels', empty: [] },
  datepicker: { key: 'selected_date', initial: 'initial_date', empty: null },
  timepicker: { key: 'selected_time', initial: 'initial_time', empty: null },
  datetimepicker: { key: 'selected_date_time', initial: 'initial_date_time', empty: null },
  file_input: { key: 'files', initial: '', empty: [] },
}

/** The field of an element's state that has its value; undefined for buttons and overflow menus. */
export function stateKey(element: Fields) {
  return states[textOf(element.type)]?.key
}

/** The state of an untouched element. */
export function untouched(element: Fields): Fields | undefined {
  const state = states[textOf(element.type)]
  if (!state) return undefined
  return { type: element.type, [state.key]: element[state.initial] ?? state.empty }
}

/** The state of all inputs: typed values if the same block and action still exist, otherwise the initial values. */
export function stateOf(blocks: Fields[], typed: Typed = {}): Typed {
  const values: Typed = {}
  for (const { block_id, action_id, element } of elementsOf(blocks)) {
    const initial = untouched(element)
    if (!initial) continue
    const kept = typed[block_id]?.[action_id]
    values[block_id] = { ...values[block_id], [action_id]: kept && kept.type === element.type ? kept : initial }
  }
  return values
}
