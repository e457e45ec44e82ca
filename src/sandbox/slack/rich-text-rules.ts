import { boolean, list, number, object, oneOf, type Rule, string, typed } from './rules.ts'

// Rich text and its elements (docs/slack.md §1.4).
const kind = string()
const name = string({ min: 1 })

const style = object({}, { bold: boolean, italic: boolean, strike: boolean, code: boolean, underline: boolean })
const mentionStyle = object(
  {},
  { bold: boolean, italic: boolean, strike: boolean, highlight: boolean, client_highlight: boolean, unlink: boolean, underline: boolean },
)

const leaf = typed({
  text: object({ type: kind, text: string() }, { style }),
  link: object({ type: kind, url: name }, { text: string(), unsafe: boolean, style }),
  user: object({ type: kind, user_id: name }, { style: mentionStyle }),
  usergroup: object({ type: kind, usergroup_id: name }, { style: mentionStyle }),
  team: object({ type: kind, team_id: name }, { style: mentionStyle }),
  channel: object({ type: kind, channel_id: name }, { style: mentionStyle }),
  emoji: object({ type: kind, name }, { unicode: string(), skin_tone: number({ min: 1, max: 6 }), style }),
  broadcast: object({ type: kind, range: oneOf('here', 'channel', 'everyone') }, { style: mentionStyle }),
  color: object({ type: kind, value: name }, { style }),
  date: object({ type: kind, timestamp: number(), format: name }, { url: name, fallback: string(), style }),
})

const leaves = list(leaf)
const border = oneOf(0, 1)
const section = object({ type: kind, elements: leaves })

const part = typed({
  rich_text_section: section,
  rich_text_list: object(
    { type: kind, style: oneOf('bullet', 'ordered'), elements: list(typed({ rich_text_section: section })) },
    { indent: number({ min: 0, max: 8 }), offset: number({ min: 0 }), border },
  ),
  rich_text_preformatted: object({ type: kind, elements: leaves }, { border, language: string() }),
  rich_text_quote: object({ type: kind, elements: leaves }, { border }),
})

export const richTextParts: Rule = list(part)

/** Rich text as a value inside another block. */
export const richText = typed({ rich_text: object({ type: kind, elements: richTextParts }, { block_id: string({ max: 255 }) }) })
