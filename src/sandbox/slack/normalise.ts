import { withColons } from './emoji.ts'
import { type Fields, isFields, textOf } from './json.ts'
import { nextId, type Slack } from './simulation.ts'

const broadcast = /(^|[\s(])@(here|channel|everyone)\b/g
// A bare URL, unless it is inside <…> already.
const address = /(?<![<|\w"=])https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)\]'"]/g

/** The text as Slack stores it where mentions and links are parsed: `@here` really notifies everybody (docs/slack.md §6 mrkdwn). */
export function autoParsed(slack: Slack, text: string) {
  return linked(text)
    .replaceAll(broadcast, '$1<!$2>')
    .replaceAll(/(^|[\s(])#([\w-]+)/g, (whole, before: string, name: string) => {
      const channel = slack.workspace.channels.find((one) => !one.is_im && one.name === name)
      return channel ? `${before}<#${channel.id}|${name}>` : whole
    })
}

export function linked(text: string) {
  return withColons(text).replaceAll(address, '<$&>')
}

/** Blocks as Slack returns them: with ids and defaults filled in, and with live links and mentions unless `verbatim`. */
export function normalisedBlocks(slack: Slack, blocks: Fields[]): Fields[] {
  return blocks.map((block) => ({ ...walk(slack, block), block_id: block.block_id ?? shortId(slack) }))
}

const interactive = new Set(['button', 'checkboxes', 'radio_buttons', 'overflow', 'datepicker', 'timepicker', 'datetimepicker'])

function isInteractive({ type }: Fields) {
  return interactive.has(textOf(type)) || /_(?:select|input)$/.test(textOf(type))
}

function walk(slack: Slack, value: Fields): Fields {
  const copy: Fields = {}
  for (const [key, one] of Object.entries(value)) {
    if (Array.isArray(one)) copy[key] = one.map((item) => (isFields(item) ? walk(slack, item) : item))
    else copy[key] = isFields(one) ? walk(slack, one) : one
  }
  if (copy.type === 'mrkdwn') {
    const text = textOf(copy.text)
    return { ...copy, text: copy.verbatim === true ? withColons(text) : autoParsed(slack, text), verbatim: copy.verbatim ?? false }
  }
  if (copy.type === 'plain_text') return plainText(copy)
  if (copy.type === 'input') return { ...copy, optional: copy.optional ?? false, dispatch_action: copy.dispatch_action ?? false }
  if (isInteractive(copy) && copy.action_id === undefined) return { ...copy, action_id: shortId(slack) }
  return copy
}

/** Plain text has no links, but has emoji unless it says otherwise. */
export function plainText(text: Fields): Fields {
  const emoji = text.emoji ?? true
  return { ...text, text: emoji ? withColons(textOf(text.text)) : text.text, emoji }
}

function shortId(slack: Slack) {
  return nextId(slack, '').slice(-5)
}
