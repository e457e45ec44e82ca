import { Failure } from '../core/failure.ts'
import type { Sentence } from '../core/i18n.ts'
import { slash } from '../core/slash-command.ts'
import type { StepState } from '../core/step-state.ts'
import { isCrash } from '../quay/http.ts'
import type { Quay } from '../quay/registry.ts'
import type { Begun, Command, Run } from './command.ts'
import { stepCheck } from './resume.ts'
import { runSteps } from './steps.ts'

export type AnyRun = Run<Record<string, unknown>>

export interface Finished {
  /** The value that `run` returned, credentials included: it is sealed before it is stored or shown. */
  result: unknown
  steps: StepState[]
}

/** Input of *Retry*: the step to continue with, the result of the main work, and when that was done. */
export interface Resumed {
  step: number
  result: unknown
  begun: Begun
}

/**
 * Runs the main work of a command and then its follow-up steps, starting at step `from`. When Quay's answer to a changing call
 * was lost, the command's `retry` decides what follows. The caller has checked permissions. Throws `conflict` when the outcome cannot be known (docs/SECURITY.md rule 12).
 */
export async function runWithRetry(command: Command, run: AnyRun, from?: Resumed): Promise<Finished> {
  const result = from ? from.result : await workOf(command, run)
  const steps = command.after?.steps(run.input, run.person, result) ?? []
  return { result, steps: await runSteps(steps, run, from?.step, from && stepCheck(run.bot, command, [run.person])) }
}

async function workOf(command: Command, run: AnyRun) {
  const { quay, hasChanged } = watched(run.quay)
  try {
    return await command.run({ ...run, quay })
  } catch (error) {
    if (!hasChanged()) throw error
    if (isCrash(error)) return await afterCrash(command, run, error)
    if (!isUnavailable(error)) throw error
    run.log.warn({ cause: error.cause }, 'no answer to a call that changes Quay')
    return await laterAttempt(command, run).catch((again) => {
      throw isUnavailable(again) ? unconfirmed(command, run.input, error) : again
    })
  }
}

/**
 * An internal error of Quay would repeat, and its effect may or may not exist: it is probed where possible, and the work is
 * never repeated. Throws the original error, with a hint where to look.
 */
async function afterCrash(command: Command, run: AnyRun, crash: Failure): Promise<unknown> {
  const probe = probeOf(command)
  const left = await probe?.(run).catch(() => undefined)
  if (left) return left.result
  const { message, values } = crash.sentence
  throw new Failure(crash.code, message, values, { cause: crash.cause, next: lookFirst(manualCheckOf(command, run.input)) })
}

function lookFirst(command: string | undefined): Sentence {
  return {
    message: 'It may have been done anyway. Check {how, select, command {with {command}} other {in Quay}} before you run it again.',
    values: { how: command === undefined ? 'self' : 'command', command: command ?? '' },
  }
}

/**
 * Continues after an attempt whose outcome is unknown, because Quay's answer was lost or the bot was killed. Throws `conflict`
 * when nobody can know the outcome, and `unavailable` when it cannot be read now.
 */
export async function laterAttempt(command: Command, run: AnyRun): Promise<unknown> {
  try {
    const left = await probeOf(command)?.(run)
    if (left) return left.result
    if (command.changes?.retry !== 'never') return await command.run(run)
  } catch (error) {
    // A refusal proves nothing here: "already exists" may be caused by the attempt whose answer was lost.
    throw error instanceof Failure && error.code !== 'unavailable' ? nobodyKnows(manualCheckOf(command, run.input), error) : error
  }
  throw nobodyKnows(manualCheckOf(command, run.input))
}

/** The probe that finds out whether a lost attempt took effect; undefined where the command has none. */
export function probeOf({ changes }: Command) {
  return typeof changes?.retry === 'function' ? changes.retry : changes?.probe
}

function unconfirmed(command: Command, input: Record<string, unknown>, cause: Failure) {
  if (command.changes?.retry !== 'idempotent') return nobodyKnows(manualCheckOf(command, input), cause)
  return new Failure('unavailable', 'Quay did not confirm this. It is safe to run it again.', {}, { cause })
}

function isUnavailable(error: unknown): error is Failure {
  return error instanceof Failure && error.code === 'unavailable'
}

/** The Failure for an outcome that only a person can find out, with a command such as `/quay robot show acme+ci` if there is one. */
export function nobodyKnows(command?: string, cause?: Failure) {
  return new Failure(
    'conflict',
    'Quay did not confirm this, so the result is unknown. Check {how, select, command {with {command}} other {in Quay}} before you run it again.',
    { how: command === undefined ? 'self' : 'command', command: command ?? '' },
    cause && { cause },
  )
}

/** The command that shows the present state to a person, such as `/quay robot show acme+ci`; undefined if there is none. */
export function manualCheckOf({ changes }: Command, input: Record<string, unknown>) {
  const words = changes?.manualCheck?.(input)
  return words === undefined ? undefined : slash(words)
}

/** The same registry; it also records whether a changing call was sent. */
export function watched(quay: Quay) {
  let changed = false
  const observe: Quay['observe'] = (call) => {
    changed ||= call.method !== 'GET'
    quay.observe?.(call)
  }
  return { quay: { ...quay, observe }, hasChanged: () => changed }
}
