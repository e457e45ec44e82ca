import type { Sentence } from './i18n.ts'

/** The state of one step of a plan. */
export interface StepState {
  name: Sentence
  state: 'done' | 'failed' | 'left'
  problem?: Sentence
  /** The step was requested by an option. */
  asked?: boolean
}
