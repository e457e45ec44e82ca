import type { Sentence } from './i18n.ts'

/** How one step of a plan stands. */
export interface StepState {
  name: Sentence
  state: 'done' | 'failed' | 'left'
  problem?: Sentence
  /** Its name is an option that was asked for. */
  asked?: boolean
}
