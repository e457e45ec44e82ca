interface Block {
  type: string
}

interface Cell {
  text?: string
  fallback?: { text: string }
  elements?: { elements: { user_id?: string; channel_id?: string }[] }[]
}

const marks: Record<string, string> = {
  complete: ':white_check_mark:',
  error: ':x:',
  pending: ':white_circle:',
  in_progress: ':hourglass:',
}

interface Task {
  title: string
  status: string
  details?: { elements: { elements: { text: string }[] }[] }
}

/** A message as a test reads it: the rows of its tables and the steps of its plans as lines, `• v1.1 – 86 MB, sha256:…`, as a workspace without tables has them. */
export function withRows<Message extends { blocks: Block[] }>(message: Message): Message {
  return {
    ...message,
    blocks: message.blocks.map((block) => {
      if ('rows' in block && block.type === 'data_table') return asLines(block.rows as Cell[][])
      return 'tasks' in block && block.type === 'plan' ? asSteps(block.tasks as Task[]) : block
    }),
  }
}

function asSteps(tasks: Task[]) {
  const lines = tasks.map(({ title, status, details }) => {
    const said = details?.elements.flatMap(({ elements }) => elements.map(({ text }) => text)).join('')
    return `${marks[status]} ${title}${said ? `: ${said}` : ''}`
  })
  return { type: 'section', text: { type: 'mrkdwn', text: lines.join('\n') } }
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
