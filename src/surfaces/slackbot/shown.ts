import type { Message } from '../../slack/blocks.ts'
import { plainly } from '../../slack/drawing.ts'
import { fitted } from '../../slack/fitted.ts'
import { asText, type Linkable } from './data.ts'

const longestAnswer = 12_000

/**
 * What a view shows, as fields for a language model: its lines and the rows of its tables, each a value of its own, clipped, without
 * markup, characters that steer a display, credentials, and links elsewhere (docs/SECURITY.md rule 46). It is what the person sees
 * in Slack, and nothing of what lies behind it.
 */
export function shownIn(view: Message, linkable: Linkable): unknown[] {
  // Charts and plans in words, lists by their cells.
  const { blocks } = fitted(view, { ...plainly, table: true })
  const all = blocks.flatMap((block) => linesOf(block)).map((line) => limited(line, linkable))
  const shown: unknown[] = []
  let length = 0
  for (const line of all) {
    length += JSON.stringify(line).length
    if (length > longestAnswer) return [...shown, `… ${all.length - shown.length} more`]
    shown.push(line)
  }
  return shown
}

type Line = string | Line[]

function limited(line: Line, linkable: Linkable): Line {
  return typeof line === 'string' ? asText(line, linkable) : line.slice(0, 20).map((one) => limited(one, linkable))
}

/** The lines of a block or of a part of one, whatever its kind: every text in it that people can read. */
function linesOf(part: unknown): Line[] {
  if (Array.isArray(part)) return part.flatMap(linesOf)
  if (typeof part !== 'object' || part === null) return []
  const { type, ...rest } = part as { type?: unknown } & Record<string, unknown> // its fields are checked below
  if (type === 'actions' || type === 'input' || type === 'button') return []
  if (type === 'mrkdwn' && typeof rest.text === 'string') return nonEmpty(rest.text.split('\n').map(withoutMarkup))
  if (type === 'rich_text_section' || type === 'rich_text_quote' || type === 'rich_text_preformatted')
    return nonEmpty(runsOf(rest.elements).split('\n'))
  if (typeof rest.text === 'string') return nonEmpty(rest.text.split('\n'))
  // The rows of a table stay together, a cell each.
  if (Array.isArray(rest.rows))
    return rest.rows.map((row) => (Array.isArray(row) ? row.map((cell) => linesOf(cell).flat(3).join(' ')) : ''))
  return Object.values(rest).flatMap(linesOf)
}

function runsOf(elements: unknown): string {
  if (!Array.isArray(elements)) return ''
  const parts = elements.map((one: { text?: unknown; url?: unknown; user_id?: unknown }) => one.text ?? one.url ?? one.user_id ?? '')
  return parts.map(String).join('')
}

function nonEmpty(lines: string[]) {
  return lines.map((line) => line.trim()).filter(Boolean)
}

/** Slack's markup as plain text: a link is its label, a moment its written form, a mention the id. */
function withoutMarkup(text: string) {
  return text
    .replaceAll(/<!date\^\d{1,12}\^[^<>|^]{0,200}(?:\^[^<>|]{0,500})?\|([^<>]{0,200})>/g, '$1')
    .replaceAll(/<[^<>|]{1,3000}\|([^<>]{0,3000})>/g, '$1')
    .replaceAll(/<([@#!][^<>|]{1,100})>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
