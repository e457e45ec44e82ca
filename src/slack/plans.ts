import type { KnownBlock } from '@slack/types'
import { clip } from './blocks.ts'
import type { StepsBlock } from './message-blocks.ts'

export type TaskState = 'pending' | 'in_progress' | 'complete' | 'error'

export interface Task {
  id: string
  /** Without markup. */
  title: string
  state: TaskState
  /** What went wrong or came of it, without markup. */
  details?: string | undefined
}

const titleAtMost = 150

/** The steps of a command as Slack’s plan, with `plain` for clients and workspaces that cannot draw it. */
export function stepsBlock(title: string, tasks: Task[], plain: KnownBlock[]): StepsBlock {
  return {
    type: 'steps',
    plain,
    plan: {
      type: 'plan',
      title: clip(title, titleAtMost) || '–',
      tasks: tasks.map(({ id, title, state, details }) => ({
        type: 'task_card',
        task_id: id,
        title: clip(title, titleAtMost) || '–',
        status: state,
        ...(details && { details: richText(clip(details, 1000)) }),
      })),
    },
  }
}

function richText(text: string) {
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }] }
}
