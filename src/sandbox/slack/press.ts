import { chosen } from './choose.ts'
import { type Delivery, deliver } from './deliver.ts'
import { elementsOf, type Placed } from './elements.ts'
import { withColons } from './emoji.ts'
import { type Fields, fieldsOf, listOf, textOf } from './json.ts'
import { aboutMessage, aboutView, actor, interaction } from './payloads.ts'
import type { User } from './people.ts'
import { forbidden, impossible } from './refusal.ts'
import { issueResponseUrl } from './response-url.ts'
import { nextTs, type Slack } from './simulation.ts'
import { room } from './slash.ts'
import { issueTrigger } from './triggers.ts'
import type { Message, View } from './workspace.ts'

/** Identifies an element: by its action, its label or its value, or an input by its field. */
export interface Wanted {
  action_id?: string
  label?: string
  field?: string
  /** The value of a button, or the choice in any other element. */
  value?: unknown
}

export interface OnMessage extends Wanted {
  user: string
  channel: string
  ts: string
}

export interface OnView extends Wanted {
  user: string
  view_id: string
}

/** A person presses a button of a message, or chooses in one of its menus. Resolves with the acknowledgement. */
export async function press(slack: Slack, from: OnMessage): Promise<Delivery> {
  const user = actor(slack, from.user)
  const channel = room(slack, from.channel, user)
  const message = slack.workspace.messages.find((one) => one.ts === from.ts && one.channel === channel.id)
  if (!message || (message.only_for && message.only_for !== user.id)) throw impossible(`${user.name} sees no message ${from.ts} there.`)
  const attachments = listOf(message.attachments)
  const placed = find([...(message.blocks ?? []), ...attachments.flatMap((one) => listOf(one.blocks))], from)
  const attachment = attachments.find((one) => listOf(one.blocks).includes(placed.block))
  const action = await act(slack, from, placed, { user: user.id, channel: channel.id, ts: message.ts })
  remember(message, placed, action)
  const outcome = await send(slack, user, action, {
    ...aboutMessage(channel, message, attachment),
    response_url: issueResponseUrl(slack, 'actions', { user: user.id, channel: channel.id, message: message.ts }),
    trigger_id: issueTrigger(slack, user.id),
  })
  badge(message, user, outcome)
  slack.changed()
  return outcome
}

// An unacknowledged press leaves a badge on the message until the next one works (docs/slack.md §3).
function badge(message: Message, user: User, { ok }: Delivery) {
  const others = (message.failed_for ?? []).filter((id) => id !== user.id)
  message.failed_for = ok ? others : [...others, user.id]
}

/** A person uses an interactive element inside a modal or App Home. */
export async function pressInView(slack: Slack, from: OnView): Promise<Delivery> {
  const user = actor(slack, from.user)
  const view = shownView(slack, user, from.view_id)
  const placed = find(view.blocks, from)
  const action = await act(slack, from, placed, { user: user.id, view_id: view.id })
  remember(view, placed, action)
  slack.changed()
  if (placed.block.type === 'input' && placed.block.dispatch_action !== true) {
    return { ok: true, ack_ms: 0, ack: undefined }
  }
  return send(slack, user, action, { ...aboutView(view), trigger_id: issueTrigger(slack, user.id, view.id) })
}

/** A view that its person sees: the top modal, or App Home. */
export function shownView(slack: Slack, user: User, id: string): View {
  const mine = [...slack.workspace.views, ...slack.workspace.homes].filter((one) => one.user === user.id)
  const view = mine.find((one) => one.id === id)
  if (!view) throw impossible(`${user.name} has no view ${id} open.`)
  const top = mine.findLast(({ type }) => type === 'modal')
  if (view.type === 'modal' && view !== top) throw forbidden(`Another modal lies on top of ${id}.`)
  return view
}

function labelOf(element: Fields) {
  return textOf(fieldsOf(element.text).text)
}

/** The field of an input: its block id up to a colon. */
export function fieldOf(block_id: string) {
  return block_id.split(':')[0] ?? block_id
}

/** The element that matches; of several the one with the value. */
export function find(blocks: Fields[], { action_id, label, field, value }: Wanted): Placed {
  const all = elementsOf(blocks)
  const matches = all.filter(
    (one) =>
      (action_id === undefined || one.action_id === action_id) &&
      (label === undefined || labelOf(one.element) === withColons(label)) &&
      (field === undefined || one.block_id === field || fieldOf(one.block_id) === field || one.action_id === field),
  )
  const named = [action_id, label, field].filter(Boolean).join(', ') || String(value)
  if (action_id === undefined && label === undefined && field === undefined)
    return matches.find((one) => one.element.value === value) ?? missing(all, named)
  return matches.find((one) => value !== undefined && one.element.value === value) ?? menuOrOnly(matches, value) ?? missing(all, named)
}

// A value that no button has is a choice in a menu; for a button it is an error.
function menuOrOnly(matches: Placed[], value: unknown) {
  if (value === undefined) return matches[0]
  return matches.find(({ element }) => element.type !== 'button')
}

function missing(all: Placed[], named: string): never {
  const there = all.map(({ element, action_id }) => labelOf(element) || action_id).join(', ')
  throw impossible(`There is nothing called ${named} to press; there is: ${there || 'nothing'}.`)
}

/** The entry of `actions` for this use of an element (docs/slack.md §3). */
async function act(
  slack: Slack,
  wanted: Wanted,
  placed: Placed,
  where: { user: string; channel?: string; ts?: string; view_id?: string },
): Promise<Fields> {
  const { element, block_id, action_id } = placed
  const base = { type: element.type, block_id, action_id, action_ts: nextTs(slack) }
  if (element.type === 'button') return { ...base, text: element.text, ...(element.value !== undefined && { value: element.value }) }
  return { ...(await chosen(slack, placed, wanted.value, where)), ...base }
}

function remember(holder: Message | View, { block_id, action_id, element }: Placed, action: Fields) {
  const { block_id: _block, action_id: _action, action_ts: _ts, ...state } = action
  if (element.type === 'button' || element.type === 'overflow') return
  const typed = holder.typed ?? {}
  holder.typed = { ...typed, [block_id]: { ...typed[block_id], [action_id]: state } }
}

async function send(slack: Slack, user: User, action: Fields, about: Fields) {
  return deliver(slack, 'interactive', { ...interaction(slack, 'block_actions', user), ...about, actions: [action] })
}
