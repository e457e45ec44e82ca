import type { Logger } from 'pino'
import type { Bot } from '../context.ts'
import { Failure, logged } from '../core/failure.ts'
import type { Sentence } from '../core/i18n.ts'
import type { StepState } from '../core/step-state.ts'
import type { Quay } from '../quay/registry.ts'
import type { Person } from '../security/identity.ts'
import type { Step } from './command.ts'

interface Running {
  bot: Bot
  quay: Quay
  person: Person
  log: Logger
  reference?: string | undefined
}

/**
 * Runs the steps in order, starting at `from`; earlier ones are done. The first failure stops the rest, which stays as a
 * checklist. `check` runs before each step and stops the plan by throwing. Unexpected errors propagate.
 */
export async function runSteps(steps: Step[], running: Running, from = 0, check?: (step: Step) => Promise<void>): Promise<StepState[]> {
  const states: StepState[] = steps.map((step, index) => stateOf(step, index < from ? 'done' : 'left'))
  for (const [index, step] of steps.entries()) {
    if (index < from) continue
    const problem = await problemOf(step, running, check)
    states[index] = problem ? { ...stateOf(step, 'failed'), problem } : stateOf(step, 'done')
    if (problem) break
  }
  return states
}

function stateOf({ name, asked }: Step, state: StepState['state']): StepState {
  return { name, state, ...(asked && { asked }) }
}

async function problemOf(step: Step, running: Running, check?: (step: Step) => Promise<void>): Promise<Sentence | undefined> {
  try {
    await check?.(step)
    await step.run(running)
    return undefined
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    running.log.warn({ step: step.name.message, ...logged(error) }, 'a step failed')
    return error.sentence
  }
}

/** The index at which *Retry* continues; undefined when every step is done. */
export function firstUndone(states: StepState[]): number | undefined {
  const index = states.findIndex(({ state }) => state !== 'done')
  return index < 0 ? undefined : index
}
