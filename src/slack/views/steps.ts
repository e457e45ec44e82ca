import type { SectionBlock } from '@slack/types'
import type { Translate } from '../../core/i18n.ts'
import type { StepState } from '../../core/step-state.ts'
import { drawn, lines } from '../blocks.ts'

const marks: Record<StepState['state'], string> = {
  done: ':white_check_mark: {step}',
  failed: ':x: {step}: {problem}',
  left: ':white_circle: {step}',
}

/** The checklist of a plan: shown when something of it failed; a plan that went through needs no list. */
export function stepsView(steps: StepState[], t: Translate): SectionBlock[] {
  if (steps.every(({ state }) => state === 'done')) return []
  const rows = steps.map(({ name, state, problem }) =>
    t(marks[state], { step: drawn(t(name.message, name.values)), problem: drawn(problem ? t(problem.message, problem.values) : '') }),
  )
  return lines([t('Not all of it is done:'), ...rows])
}
