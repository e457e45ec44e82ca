import type { SectionBlock } from '@slack/types'
import type { Translate } from '../../core/i18n.ts'
import type { StepState } from '../../core/step-state.ts'
import { lines, rawMarkup } from '../blocks.ts'

const marks: Record<StepState['state'], string> = {
  done: ':white_check_mark: {step}',
  failed: ':x: {step}: {problem}',
  left: ':white_circle: {step}',
}

/** The checklist of a plan: all steps if one failed; otherwise only the steps that an option requested. */
export function stepsView(steps: StepState[], t: Translate): SectionBlock[] {
  const isDone = steps.every(({ state }) => state === 'done')
  const rows = steps
    .filter(({ asked }) => asked || !isDone)
    .map(({ name, state, problem }) =>
      t(marks[state], {
        step: rawMarkup(t(name.message, name.values)),
        problem: rawMarkup(problem ? t(problem.message, problem.values) : ''),
      }),
    )
  return lines(isDone ? rows : [t('Not everything is done:'), ...rows])
}
