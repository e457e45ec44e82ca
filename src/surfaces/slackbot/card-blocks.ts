import type { Message } from '../../slack/blocks.ts'
import { type Drawing, modesOf } from '../../slack/drawing.ts'
import { fitted } from '../../slack/fitted.ts'
import type { SentBlock } from '../../slack/message-blocks.ts'
import { isLinkable, type Linkable, withoutSteering } from './data.ts'

// What Slackbot renders; anything else, also inside, and all blocks are dropped (docs/slack.md §23). Its own list has images, videos,
// files, inputs and buttons too, which an answer never needs: none of our buttons works there.
const allowed = new Set([
  ...['context', 'divider', 'header', 'section', 'markdown', 'card', 'container'],
  ...['data_table', 'data_visualization', 'table', 'rich_text'],
  // Parts of them.
  ...['mrkdwn', 'plain_text', 'raw_text', 'raw_number', 'rich_text_section', 'rich_text_list', 'rich_text_quote', 'rich_text_preformatted'],
  ...['text', 'link', 'emoji', 'user', 'channel', 'usergroup', 'date', 'color'],
  ...['bar', 'line', 'pie', 'area', 'number', 'string', 'category'],
])
const mostBlocks = 50
const deepest = 20
const longestTable = { table: 10_000, data_table: 20_000, all: 20_000 }

/** The blocks of a view as Slackbot takes them: without buttons and foreign links. Undefined if it would drop them; then the text stands alone. */
export function cardBlocks(view: Message, linkable: Linkable, drawing: Drawing): SentBlock[] | undefined {
  // Plans and buttons in cells are not on the list.
  const modes = { ...modesOf(drawing), plan: false, cellButtons: false }
  const shown = fitted(view, modes).blocks.filter(({ type }) => type !== 'actions' && type !== 'input')
  const blocks = shown.map((block) => cleaned(withoutAccessory(block), linkable) as SentBlock) // the same block with other texts
  return blocks.length > 0 && isTaken(blocks) ? blocks : undefined
}

function withoutAccessory(block: SentBlock): object {
  const { accessory: _, ...rest } = block as SentBlock & { accessory?: unknown } // only sections have one
  return rest
}

function cleaned(value: unknown, linkable: Linkable, key = ''): unknown {
  if (typeof value === 'string') return cleanText(value, linkable, key)
  if (Array.isArray(value)) return value.map((one) => cleaned(one, linkable, key))
  if (typeof value !== 'object' || value === null) return value
  if (isForeignLink(value, linkable)) return { type: 'text', text: withoutSteering(value.text ?? URL.parse(value.url)?.host ?? '') || ' ' }
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, cleaned(one, linkable, name)]))
}

function isForeignLink(value: object, linkable: Linkable): value is { type: 'link'; url: string; text?: string } {
  return 'type' in value && value.type === 'link' && 'url' in value && typeof value.url === 'string' && !isLinkable(value.url, linkable)
}

const markupLink = /<([a-z][a-z0-9+.-]{1,15}:[^<>|]{0,3000})(?:\|([^<>]{0,3000}))?>/giu

/** A text of a block, with its line breaks. A link elsewhere becomes its label. */
function cleanText(text: string, linkable: Linkable, key: string) {
  const clean = text.split('\n').map(withoutSteering).join('\n')
  if (key !== 'text') return clean
  return clean.replaceAll(markupLink, (whole, url: string, label?: string) => (isLinkable(url, linkable) ? whole : (label ?? '[link]')))
}

/** Whether Slackbot's limits take all of these blocks. */
export function isTaken(blocks: readonly object[]): boolean {
  if (blocks.length > mostBlocks || !blocks.every((block) => isAllowed(block, 1))) return false
  const tables = blocks.filter((block) => 'type' in block && (block.type === 'table' || block.type === 'data_table'))
  const sizes = tables.map((block) => ({ block, size: JSON.stringify(block).length }))
  const isSmall = sizes.every(({ block, size }) => size <= longestTable['type' in block && block.type === 'table' ? 'table' : 'data_table'])
  const charts = blocks.filter((block) => 'type' in block && block.type === 'data_visualization')
  return isSmall && charts.length <= 2 && sizes.reduce((sum, { size }) => sum + size, 0) <= longestTable.all
}

function isAllowed(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (depth > deepest) return false
  if ('type' in value && typeof value.type === 'string' && !allowed.has(value.type)) return false
  return Object.values(value).every((one) => isAllowed(one, depth + 1))
}
