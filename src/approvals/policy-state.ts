import type { Bot } from '../context.ts'
import { keeps } from '../core/kept.ts'

/** What this process knows of its policy file; empty without one. */
export interface PolicyState {
  /** The hash of the policy in force. */
  hash?: string
  /** The problems of the file as it is now, because of which the policy before it stays in force. */
  refused?: string[]
}

export const policyStateOf: (bot: Pick<Bot, 'runtime'>) => PolicyState = keeps((): PolicyState => ({}))
