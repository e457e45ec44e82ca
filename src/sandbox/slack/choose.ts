import { type Placed, stateKey, untouched } from './elements.ts'
import { withColons } from './emoji.ts'
import { type Fields, fieldsOf, listOf, textOf } from './json.ts'
import { askForOptions, type Where } from './options.ts'
import { forbidden, impossible } from './refusal.ts'
import type { Slack } from './simulation.ts'
import { findChannel, findUser } from './workspace.ts'

/** The state of an element after a person chose or typed a plain value, by its value or by its label. */
export async function chosen(slack: Slack, placed: Placed, value: unknown, where: Where): Promise<Fields> {
  const { element } = placed
  const type = textOf(element.type)
  if (type === 'overflow') return { type, selected_option: option(placed, value) }
  const key = stateKey(element)
  if (!key) throw impossible(`Nobody can choose anything in a ${type}.`)
  if (value === null || value === undefined || value === '') return { type, [key]: Array.isArray(untouched({ type })?.[key]) ? [] : null }
  return { type, [key]: await read(slack, placed, value, where) }
}

async function read(slack: Slack, placed: Placed, value: unknown, where: Where): Promise<unknown> {
  const { element } = placed
  switch (element.type) {
    case 'static_select':
    case 'radio_buttons':
      return option(placed, value)
    case 'checkboxes':
      return typeof value === 'boolean' ? ticked(placed, value) : several(value).map((one) => option(placed, one))
    case 'multi_static_select':
      return limited(
        element,
        several(value).map((one) => option(placed, one)),
      )
    case 'external_select':
      return suggested(slack, placed, value, where)
    case 'multi_external_select':
      return limited(element, await inTurn(several(value), (one) => suggested(slack, placed, one, where)))
    case 'users_select':
      return person(slack, value)
    case 'multi_users_select':
      return limited(
        element,
        several(value).map((one) => person(slack, one)),
      )
    case 'channels_select':
    case 'conversations_select':
      return channel(slack, value)
    case 'multi_channels_select':
    case 'multi_conversations_select':
      return limited(
        element,
        several(value).map((one) => channel(slack, one)),
      )
    case 'datetimepicker':
      return Number(value)
    case 'rich_text_input':
      return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: String(value) }] }] }
    default:
      return typed(element, Array.isArray(value) ? value.join(', ') : String(value))
  }
}

/** A single checkbox is checked or not; among several, a boolean means the option “yes”. */
function ticked(placed: Placed, value: boolean): Fields[] {
  if (!value) return []
  const [only, ...others] = optionsOf(placed.element)
  return [only && others.length === 0 ? only : option(placed, true)]
}

/** One after the other, because each asks the bot, and the order of the answers must not matter. */
async function inTurn<T>(values: unknown[], ask: (value: unknown) => Promise<T>): Promise<T[]> {
  const found: T[] = []
  for (const value of values) found.push(await ask(value))
  return found
}

function several(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  return String(value)
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
}

function limited<T>(element: Fields, all: T[]): T[] {
  const most = element.max_selected_items
  if (typeof most === 'number' && all.length > most) throw forbidden(`Only ${most} can be chosen here.`)
  return all
}

/** A boolean chooses yes or no, by the usual names of these options. */
function names(value: unknown): string[] {
  if (value === true) return ['true', 'yes', 'on']
  if (value === false) return ['false', 'no', 'off']
  return [String(value)]
}

/** Whether a value or a label means this option. */
function isMeant({ value, text }: Fields, wanted: unknown) {
  const all = names(wanted)
  const label = withColons(textOf(fieldsOf(text).text))
  return all.includes(textOf(value)) || all.some((one) => withColons(one) === label || one === label.toLowerCase())
}

function optionsOf(element: Fields): Fields[] {
  return [...listOf(element.options), ...listOf(element.option_groups).flatMap((group) => listOf(group.options))]
}

function option({ element, action_id }: Placed, value: unknown): Fields {
  const all = optionsOf(element)
  const found = all.find((one) => isMeant(one, value))
  if (found) return found
  throw impossible(
    `${action_id} does not offer ${String(value)}; it offers ${all.map((one) => textOf(fieldsOf(one.text).text)).join(', ')}.`,
  )
}

async function suggested(slack: Slack, placed: Placed, value: unknown, where: Where): Promise<Fields> {
  const all = await askForOptions(slack, placed, String(value), where)
  const found = all.find((one) => isMeant(one, value))
  if (found) return found
  throw impossible(
    `The bot suggests no ${String(value)} for ${placed.action_id}; it suggests ${all.map((one) => textOf(fieldsOf(one.text).text)).join(', ') || 'nothing'}.`,
  )
}

function person({ workspace }: Slack, value: unknown) {
  const found = findUser(workspace, String(value))
  if (!found) throw impossible(`There is nobody called ${String(value)}.`)
  return found.id
}

function channel({ workspace }: Slack, value: unknown) {
  const found = findChannel(workspace, String(value))
  if (!found) throw impossible(`There is no channel ${String(value)}.`)
  return found.id
}

// Slack's client does not let a person type more than fits, or an invalid date.
const patterns: Record<string, RegExp> = {
  datepicker: /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/,
  timepicker: /^(?:[01]\d|2[0-3]):[0-5]\d$/,
}

function typed(element: Fields, value: string) {
  const pattern = patterns[textOf(element.type)]
  if (pattern && !pattern.test(value)) throw forbidden(`${value} cannot be chosen in a ${String(element.type)}.`)
  return value
}
