import type { Translate } from '../core/i18n.ts'
import type { MessageBlock } from '../slack/message-blocks.ts'
import { stepsBlock, type Task, type TaskState } from '../slack/plans.ts'
import type { Request, RequestState, Vote } from './request.ts'

const approval: Partial<Record<RequestState, TaskState>> = { pending: 'in_progress', denied: 'error', expired: 'error' }
const run: Partial<Record<RequestState, TaskState>> = {
  ...{ approved: 'in_progress', running: 'in_progress', unknown: 'in_progress', succeeded: 'complete', failed: 'error' },
}

/** The way of a request as a plan: requested, approved, run. A withdrawn one has none, because Slack has no such state. */
export function wayOf(
  { state, rule, operation }: Pick<Request, 'state' | 'rule' | 'operation'>,
  votes: Vote[],
  t: Translate,
): MessageBlock[] {
  if (state === 'withdrawn') return []
  const approved = votes.filter(({ decision }) => decision === 'approved').length
  const tasks: Task[] = [
    { id: 'requested', title: t.plain('Requested'), state: 'complete' },
    {
      id: 'approved',
      title: t.plain('Approved ({approved, number} of {needed, number})', { approved, needed: Math.max(rule.needed, approved) }),
      state: approval[state] ?? 'complete',
    },
    { id: 'run', title: t.plain('Run {command}', { command: operation }), state: run[state] ?? 'pending' },
  ]
  // Without plans the card says the same in its words.
  return [stepsBlock(t.plain('Request'), tasks, [])]
}
