import type { Translate } from '../../core/i18n.ts'
import { shortId } from '../../core/short-id.ts'
import { isFailed, type KnownPhase, knownPhase, type Phase } from '../../quay/build-phase.ts'
import type { MessageBlock } from '../message-blocks.ts'
import { stepsBlock, type Task } from '../plans.ts'

interface PlannedBuild {
  repository: string
  id: string
  phase: Phase
  error?: string | undefined
}

const [queued, preparing, building, pushing] = [0, 1, 2, 3]
const reached: Partial<Record<KnownPhase, number>> = {
  waiting: queued,
  'build-scheduled': queued,
  unpacking: preparing,
  pulling: preparing,
  building,
  pushing,
  complete: 4,
}

/**
 * The phases of a build as a plan. Quay does not say in which of them a build failed, so a failed one has two steps; a cancelled one
 * has none, because Slack has no such state.
 */
export function buildPlan({ repository, id, phase, error }: PlannedBuild, t: Translate): MessageBlock[] {
  const title = t.plain('Build {id} of {repository}', { id: shortId(id), repository })
  if (isFailed(phase)) {
    const tasks: Task[] = [
      { id: 'queued', title: t.plain('Queued'), state: 'complete' },
      { id: 'built', title: t.plain('Build'), state: 'error', details: error },
    ]
    return [stepsBlock(title, tasks, [])]
  }
  const known = knownPhase(phase)
  const at = known && reached[known]
  if (at === undefined) return []
  const names = [t.plain('Queued'), t.plain('Unpack and pull'), t.plain('Build'), t.plain('Push')]
  const state = (index: number) => (index < at ? 'complete' : index === at ? 'in_progress' : 'pending')
  return [
    stepsBlock(
      title,
      names.map((name, index) => ({ id: `step-${index}`, title: name, state: state(index) })),
      [],
    ),
  ]
}
