import type { ActionsBlock, Button, ContextBlock, HeaderBlock, RichTextBlock, SectionBlock } from '@slack/types'
import { escaped, inline, type Markup, visible } from '../core/markup.ts'
import type { MessageBlock } from './message-blocks.ts'

/** A message of the bot: `text` is for the notification and screen readers, `blocks` the rendering. */
export interface Message {
  text: string
  blocks: MessageBlock[]
}

// Slack refuses a whole message for one text over its limit (docs/slack.md §1), so every text is clipped where it is made.
const limits = { section: 3000, header: 150, field: 2000, context: 2000, button: 75, value: 2000, text: 3900 }

/** A message of one text and, below it, more blocks. */
export function message(text: string, ...more: MessageBlock[]): Message {
  return { text: clip(text, limits.text), blocks: [section(text), ...more] }
}

/** A paragraph, optionally with a button or image on its right. */
export function section(text: string, accessory?: SectionBlock['accessory']): SectionBlock {
  return { type: 'section', text: mrkdwn(clip(text || ' ', limits.section)), ...(accessory && { accessory }) }
}

/** Names and values in two columns, at most ten. */
export function fields(...pairs: (readonly [name: string, value: string])[]): SectionBlock {
  return {
    type: 'section',
    fields: pairs.slice(0, 10).map(([name, value]) => mrkdwn(clip(`*${escaped(name)}*\n${value || '–'}`, limits.field))),
  }
}

/** Small gray text. */
export function note(text: string): ContextBlock {
  return { type: 'context', elements: [mrkdwn(clip(text, limits.context))] }
}

/** A header block; what is longer than Slack takes is cut. */
export function heading(text: string): HeaderBlock {
  return { type: 'header', text: plain(clip(text, limits.header)) }
}

/** Any number of lines, in as many sections as they need. A line is never split. */
export function lines(all: string[]): SectionBlock[] {
  const texts: string[] = []
  for (const line of all) {
    const last = texts.at(-1)
    const clipped = clip(line, limits.section)
    if (last !== undefined && lengthOf(last) + 1 + lengthOf(clipped) <= limits.section) texts[texts.length - 1] = `${last}\n${clipped}`
    else texts.push(clipped)
  }
  return texts.map((text) => section(text))
}

export interface ButtonText {
  /** `noun:verb`, the word app/button-router.ts knows it by. */
  action: string
  label: string
  value?: string
  style?: 'primary' | 'danger'
  url?: string
  /** A confirmation dialog before the press counts. */
  confirm?: { title: string; text: string; yes: string; no: string }
}

/** A row of buttons. Two may share an action: Slack requires distinct ids, and ours are read up to the `#`. */
export function buttons(...all: ButtonText[]): ActionsBlock {
  return { type: 'actions', elements: all.map((one, index) => button(one, index)) }
}

/** A button. `index` keeps action ids apart where one message has several of the same action. */
export function button({ action, label, value, style, url, confirm }: ButtonText, index = 0): Button {
  return {
    type: 'button',
    action_id: index === 0 ? action : `${action}#${index}`,
    text: plain(clip(label, limits.button)),
    ...(value !== undefined && { value: value.slice(0, limits.value) }),
    ...(style && { style }),
    ...(url && { url }),
    ...(confirm && {
      confirm: {
        title: plain(clip(confirm.title, 100)),
        text: plain(clip(confirm.text, 300)),
        confirm: plain(clip(confirm.yes, 30)),
        deny: plain(clip(confirm.no, 30)),
      },
    }),
  }
}

/** Literal text: no markup, no mention, no emoji. */
export function plain(text: string) {
  return { type: 'plain_text' as const, text: visible(text), emoji: false }
}

/**
 * A person's text, set apart from the bot's own: a quotation in which nothing is markup, a mention, a link or an emoji, and which
 * no line break ends (docs/SECURITY.md rule 36). For reasons, descriptions and messages; names use `bold` or `code`.
 */
export function quoted(text: string): RichTextBlock {
  const shown = clip(visible(text).trim(), limits.section) || ' '
  return { type: 'rich_text', elements: [{ type: 'rich_text_quote', elements: [{ type: 'text', text: shown }] }] }
}

function mrkdwn(text: string) {
  // Without `verbatim` Slack turns "@here" in a repository's description into a mention.
  return { type: 'mrkdwn' as const, text, verbatim: true }
}

/** A link with a label. A `|`, a `>` or white space would end the URL too early, a `|` or a line break the label. */
export function link(url: string, label: string): Markup {
  const address = escaped(url.replaceAll(/[\s<>|]/g, encodeURIComponent))
  return { markup: `<${address}|${inline(label.replaceAll('|', ' '))}>` }
}

/** Text in code style. A backtick would end it, so it is replaced by a look-alike. */
export function code(text: string): Markup {
  return { markup: `\`${escaped(visible(text).replaceAll('`', 'ˋ').replaceAll(/\s+/g, ' ')) || ' '}\`` }
}

/** Text of others in bold: escaped, and without asterisks that would end it. */
export function bold(text: string): Markup {
  return { markup: `*${inline(text.replaceAll('*', ' '))}*` }
}

/** Mentions a person (`U…`, `W…`) or a user group (`S…`). A message notifies them; an ephemeral reply does not. */
export function mention(id: string): Markup {
  return { markup: id.startsWith('S') ? `<!subteam^${id}>` : `<@${id}>` }
}

/** A moment in the reader's own time zone. */
export function moment(milliseconds: number): Markup {
  if (Number.isNaN(milliseconds)) return { markup: '–' }
  const seconds = Math.floor(milliseconds / 1000)
  const fallback = new Date(seconds * 1000)
    .toISOString()
    .replace('T', ' ')
    .replace(/:\d\d\.000Z$/, ' UTC')
  return { markup: `<!date^${seconds}^{date_short_pretty} {time}|${fallback}>` }
}

/** Marks rendered text as markup, for a value of a sentence. */
export function rawMarkup(text: string): Markup {
  return { markup: text }
}

/** At most `limit` characters as Slack counts them (code points), never ending inside an entity, a link or a mention. */
export function clip(text: string, limit: number) {
  const characters = [...text]
  if (characters.length <= limit) return text
  return `${characters
    .slice(0, limit - 1)
    .join('')
    .replace(/(&[a-z]*|<[^>]*)$/, '')}…`
}

function lengthOf(text: string) {
  return [...text].length
}
