import type { Translate } from '../../core/i18n.ts'
import type { StepState } from '../../core/step-state.ts'
import { lines, rawMarkup } from '../blocks.ts'
import { withoutMarkup } from '../lists/list.ts'
import type { MessageBlock } from '../message-blocks.ts'
import { stepsBlock } from '../plans.ts'

const marks: Record<StepState['state'], string> = {
  done: ':white_check_mark: {step}',
  failed: ':x: {step}: {problem}',
  left: ':white_circle: {step}',
}

const tasks = { done: 'complete', failed: 'error', left: 'pending' } as const

/** The checklist of a plan: all steps if one failed; otherwise only the steps that an option requested. */
export function stepsView(steps: StepState[], t: Translate): MessageBlock[] {
  const isDone = steps.every(({ state }) => state === 'done')
  const shown = steps.filter(({ asked }) => asked || !isDone)
  const rows = shown.map(({ name, state, problem }) =>
    t(marks[state], {
      step: rawMarkup(t(name.message, name.values)),
      problem: rawMarkup(problem ? t(problem.message, problem.values) : ''),
    }),
  )
  const plain = lines(isDone ? rows : [t('Not everything is done:'), ...rows])
  if (shown.length < 2) return plain
  const all = shown.map(({ name, state, problem }, index) => ({
    id: `step-${index}`,
    title: withoutMarkup(t(name.message, name.values)),
    state: tasks[state],
    details: problem ? withoutMarkup(t(problem.message, problem.values)) : undefined,
  }))
  return [stepsBlock(isDone ? t.plain('Everything is done') : t.plain('Not everything is done'), all, plain)]
}
