import { chosen } from './choose.ts'
import { type Delivery, deliver } from './deliver.ts'
import { elementsOf, type Placed, stateKey, stateOf } from './elements.ts'
import { type Fields, fieldsOf, isFields, lengthOf, listOf, textOf } from './json.ts'
import { aboutView, actor, interaction } from './payloads.ts'
import type { User } from './people.ts'
import { fieldOf, find, shownView } from './press.ts'
import { forbidden, isRefusal } from './refusal.ts'
import { issueResponseUrl } from './response-url.ts'
import type { Slack } from './simulation.ts'
import { issueTrigger } from './triggers.ts'
import { closeViews, makeView, readView, replace, show, stackOf } from './views.ts'
import type { View } from './workspace.ts'

export interface Filled {
  user: string
  view_id: string
  values?: Record<string, unknown>
}

export interface Submitted extends Delivery {
  /** By block id, as the bot answered. */
  errors: Record<string, string>
}

const trouble = 'We had some trouble connecting. Try again?'

/** Types values into a modal without submitting it. */
export async function fill(slack: Slack, { user: name, view_id, values = {} }: Filled): Promise<View> {
  const user = actor(slack, name)
  const view = shownView(slack, user, view_id)
  for (const [field, value] of Object.entries(values)) {
    const placed = find(view.blocks, { field, value: undefined })
    const state = await chosen(slack, placed, value, { user: user.id, view_id })
    view.typed[placed.block_id] = { ...view.typed[placed.block_id], [placed.action_id]: state }
  }
  slack.changed()
  return view
}

/** A person fills in a modal and submits it. The bot does not see values that the client refuses. */
export async function submit(slack: Slack, from: Filled): Promise<Submitted> {
  const user = actor(slack, from.user)
  const view = await fill(slack, from)
  if (!view.submit) throw forbidden('This modal has no submit button.')
  view.errors = localErrors(view)
  view.trouble = undefined
  if (Object.keys(view.errors).length > 0) {
    slack.changed()
    return { ok: false, ack_ms: 0, ack: undefined, error: 'refused_by_client', errors: view.errors }
  }
  const delivery = await deliver(slack, 'interactive', payload(slack, user, view))
  const accepted = delivery.ok && obey(slack, view, delivery.ack)
  if (!accepted) view.trouble = trouble
  slack.changed()
  const error = delivery.error ?? (accepted ? (Object.keys(view.errors).length > 0 ? 'errors' : undefined) : 'invalid_response_action')
  return { ...delivery, ok: error === undefined, error, errors: view.errors }
}

function payload(slack: Slack, user: User, view: View): Fields {
  const { container: _container, ...about } = aboutView(view)
  return {
    ...interaction(slack, 'view_submission', user),
    trigger_id: issueTrigger(slack, user.id, view.id),
    ...about,
    response_urls: responseUrls(slack, user, view),
  }
}

/** A select of conversations may request a response_url for the chosen one. */
function responseUrls(slack: Slack, user: User, view: View): Fields[] {
  const values = stateOf(view.blocks, view.typed)
  return elementsOf(view.blocks).flatMap(({ element, block_id, action_id }) => {
    const state = values[block_id]?.[action_id] ?? {}
    const channel = textOf(state.selected_conversation ?? state.selected_channel)
    if (element.response_url_enabled !== true || !channel) return []
    return [{ block_id, action_id, channel_id: channel, response_url: issueResponseUrl(slack, 'app', { user: user.id, channel }) }]
  })
}

/** The client's own checks: empty required inputs and values out of bounds. */
function localErrors(view: View): Record<string, string> {
  const errors: Record<string, string> = {}
  const values = stateOf(view.blocks, view.typed)
  for (const placed of elementsOf(view.blocks)) {
    if (placed.block.type !== 'input') continue
    const problem = problemWith(placed, values[placed.block_id]?.[placed.action_id])
    if (problem) errors[placed.block_id] = problem
  }
  return errors
}

function problemWith({ block, element }: Placed, state: Fields = {}) {
  const value = state[stateKey(element) ?? '']
  const empty = value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  if (empty) return block.optional === true ? undefined : 'Please complete this required field.'
  if (typeof value !== 'string') return undefined
  const { min_length, max_length } = element
  if (typeof min_length === 'number' && lengthOf(value) < min_length) return `Enter at least ${min_length} characters.`
  if (lengthOf(value) > (typeof max_length === 'number' ? max_length : 3000)) return `Enter at most ${max_length ?? 3000} characters.`
  return formatProblem(element, value)
}

function formatProblem(element: Fields, value: string) {
  if (element.type === 'email_text_input' && !/^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/.test(value)) return 'Enter an email address.'
  if (element.type === 'url_text_input' && !URL.canParse(value)) return 'Enter a valid URL.'
  if (element.type !== 'number_input') return undefined
  const number = Number(value)
  if (Number.isNaN(number) || (element.is_decimal_allowed !== true && !Number.isInteger(number))) return 'Enter a number.'
  if (element.min_value !== undefined && number < Number(element.min_value)) return `Enter at least ${textOf(element.min_value)}.`
  if (element.max_value !== undefined && number > Number(element.max_value)) return `Enter at most ${textOf(element.max_value)}.`
  return undefined
}

/** Applies the response_action of the acknowledgement; false if Slack refuses it (docs/slack.md §3). */
function obey(slack: Slack, view: View, ack: unknown): boolean {
  // The person may have closed the modal in the meantime; then the answer has no effect.
  if (!slack.workspace.views.includes(view)) return true
  if (ack === undefined) {
    closeViews(slack, [view])
    return true
  }
  const { response_action, errors, view: source } = fieldsOf(ack)
  if (response_action === 'clear') {
    closeViews(slack, stackOf(slack, view))
    return true
  }
  if (response_action === 'errors') return showErrors(view, errors)
  if (response_action === 'update' || response_action === 'push') return nextView(slack, view, response_action, source)
  return false
}

function showErrors(view: View, errors: unknown) {
  const inputs = view.blocks.filter(({ type }) => type === 'input').map(({ block_id }) => textOf(block_id))
  if (!isFields(errors) || Object.keys(errors).length === 0) return false
  if (!Object.entries(errors).every(([block, text]) => inputs.includes(block) && typeof text === 'string' && text !== '')) return false
  view.errors = Object.fromEntries(Object.entries(errors).map(([block, text]) => [block, textOf(text)]))
  return true
}

function nextView(slack: Slack, view: View, action: 'update' | 'push', value: unknown) {
  try {
    const source = readView(value)
    if (source.type !== 'modal') return false
    if (action === 'update') replace(slack, view, source)
    else if (stackOf(slack, view).length >= 3) return false
    else show(slack, makeView(slack, source, view.user, view))
    return true
  } catch (error) {
    if (!isRefusal(error)) throw error
    slack.lastProblem = error.answer
    return false
  }
}

/** A person closes a modal: the top one, or with × the whole stack. The bot is notified only if the view asks for it (docs/slack.md §3). */
export async function closeView(slack: Slack, from: { user: string; view_id: string; all?: boolean }): Promise<Delivery> {
  const user = actor(slack, from.user)
  const view = shownView(slack, user, from.view_id)
  if (view.type !== 'modal') throw forbidden('App Home cannot be closed.')
  const stack = stackOf(slack, view)
  const cleared = from.all === true || view.clear_on_close
  closeViews(slack, cleared ? stack : [view])
  const told = cleared ? (stack[0] ?? view) : view
  if (!told.notify_on_close) return { ok: true, ack_ms: 0, ack: undefined }
  const { container: _container, ...about } = aboutView(told)
  return deliver(slack, 'interactive', { ...interaction(slack, 'view_closed', user), ...about, is_cleared: cleared })
}

/** The fields of a view by their visible names, with their present values. */
export function fieldsShown(view: View): Record<string, unknown> {
  const values = stateOf(view.blocks, view.typed)
  const named = inputsOf(view).map((placed) => [nameOf(view, placed.block_id), plain(placed, values[placed.block_id]?.[placed.action_id])])
  return Object.fromEntries(named)
}

/** The errors of the last submission, by the same names. */
export function errorsShown(view: View): Record<string, string> {
  return Object.fromEntries(Object.entries(view.errors).map(([block, sentence]) => [nameOf(view, block), sentence]))
}

/** The name of a field is the part of its block id before the colon; the whole id if several fields share that part. */
function nameOf(view: View, block_id: string) {
  const name = fieldOf(block_id)
  return inputsOf(view).filter((one) => fieldOf(one.block_id) === name).length > 1 ? block_id : name
}

function inputsOf({ blocks }: View) {
  return elementsOf(blocks).filter(({ element }) => stateKey(element))
}

function plain({ element }: Placed, state: Fields = {}): unknown {
  const value = state[stateKey(element) ?? '']
  if (Array.isArray(value)) return value.map((one) => (isFields(one) ? (one.value ?? one.id) : one))
  if (element.type === 'rich_text_input') return value === null ? null : listOf(fieldsOf(value).elements)
  return isFields(value) ? value.value : value
}
