interface Block {
  type: string
}

interface Cell {
  text?: string
  fallback?: { text: string }
  elements?: { elements: { user_id?: string; channel_id?: string }[] }[]
}

/** A message as a test reads it: the rows of its tables as lines, `• v1.1 – 86 MB, sha256:…`, as a workspace without tables has them. */
export function withRows<Message extends { blocks: Block[] }>(message: Message): Message {
  return {
    ...message,
    blocks: message.blocks.map((block) => ('rows' in block && block.type === 'data_table' ? asLines(block.rows as Cell[][]) : block)),
  }
}

function asLines([, ...rows]: Cell[][]) {
  const lines = rows.map((row) => {
    const [first, ...rest] = row.map(textIn)
    const values = rest.filter((one) => one !== '–')
    return values.length > 0 ? `• ${first} – ${values.join(', ')}` : `• ${first}`
  })
  return { type: 'section', text: { type: 'mrkdwn', text: lines.join('\n') } }
}

function textIn({ text, fallback, elements }: Cell) {
  const [leaf] = elements?.flatMap((section) => section.elements) ?? []
  return text ?? fallback?.text ?? (leaf?.user_id ? `<@${leaf.user_id}>` : `<#${leaf?.channel_id ?? ''}>`)
}
