import { useId } from 'react'
import type { Block } from '../types.ts'
import { say } from '../words.ts'

interface Task {
  task_id: string
  title: string
  status: 'pending' | 'in_progress' | 'complete' | 'error'
  details?: { elements: { elements: { text?: string }[] }[] }
}

const marks = { pending: '○', in_progress: '◐', complete: '✓', error: '✕' }

/** Slack's plan: steps in their order, each with its state in words. */
export function Plan({ block }: { block: Block }) {
  const id = useId()
  const { title, tasks } = block as Block & { title: string; tasks: Task[] } // the simulator has checked it
  return (
    <section className="plan" aria-labelledby={id}>
      <p id={id}>{title}</p>
      <ol>
        {tasks.map(({ task_id, title: name, status, details }) => (
          <li key={task_id} className={status}>
            <span className="mark" aria-hidden="true">
              {marks[status]}
            </span>
            <span>
              {name} <span className="hidden">{stateOf(status)}</span>
              {details && (
                <span className="details">{details.elements.flatMap(({ elements }) => elements.map(({ text }) => text)).join('')}</span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}

function stateOf(status: Task['status']) {
  if (status === 'complete') return say('done')
  if (status === 'error') return say('failed')
  return status === 'in_progress' ? say('running') : say('waiting')
}
