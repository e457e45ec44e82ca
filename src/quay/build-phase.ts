// Source: a running Quay, and its build manager. `cannot_load`: Redis did not answer for a build that may well run, so Quay does not
// know. `internalerror`: the builder broke down, and the queue starts the build again. `expired`: it broke down and has no tries left.

/** The phases of one try of a build, in their order; then how it can end, the best last: a later try may undo what an earlier one said. */
export const phases = [
  'waiting',
  'build-scheduled',
  'unpacking',
  'pulling',
  'building',
  'pushing',
  'gone',
  'expired',
  'cancelled',
  'error',
  'complete',
] as const

/** What Quay says of a build for a while: the next answer, or the next try, is another. */
const passing = ['cannot_load', 'internalerror'] as const

/** `gone` is Quaymaster's own: the build, or its repository, is no longer in Quay. */
export type KnownPhase = (typeof phases)[number] | (typeof passing)[number]

/** Releases to come may know more: such a phase is neither final nor failed. */
export type Phase = KnownPhase | (string & {})

const final = new Set<string>(['gone', 'expired', 'cancelled', 'error', 'complete'])
const failed = new Set<string>(['expired', 'error'])

/** Whether the build has ended, well or not, and nothing more will happen to it. */
export function isFinal(phase: Phase): boolean {
  return final.has(phase)
}

/** Whether Quay will say something else of the build by itself. */
export function isTransient(phase: Phase): boolean {
  return passing.some((one) => one === phase)
}

/** Whether the build has ended badly. A cancelled one has not; one that Quay starts again has not ended. */
export function isFailed(phase: Phase): boolean {
  return failed.has(phase)
}

/** Whether Quay takes a cancellation: only while the build has no builder. */
export function isCancellable(phase: Phase): boolean {
  return phase === 'waiting'
}

/** Whether to offer another build of the same: of what has ended, not well, and can still be read. */
export function isRepeatable(phase: Phase): boolean {
  return isFailed(phase) || phase === 'cancelled'
}

/** How a build that has ended did so; undefined: it has not, or nobody can say. */
export function endOf(phase: Phase): 'well' | 'badly' | undefined {
  if (isFailed(phase)) return 'badly'
  return phase === 'complete' ? 'well' : undefined
}

/** The one name of each phase, in English. */
export const phaseLabels: Record<KnownPhase, string> = {
  waiting: 'queued',
  'build-scheduled': 'scheduled',
  unpacking: 'unpacking',
  pulling: 'pulling',
  building: 'building',
  pushing: 'pushing',
  complete: 'succeeded',
  error: 'failed',
  internalerror: 'internal error, Quay retries',
  cannot_load: 'status unknown',
  cancelled: 'cancelled',
  expired: 'failed: internal error, no retries left',
  gone: 'no longer in Quay',
}

/** A phase that is known here; undefined for what a later release may add. */
export function knownPhase(word: unknown): KnownPhase | undefined {
  return typeof word === 'string' && Object.hasOwn(phaseLabels, word) ? (word as KnownPhase) : undefined // its keys are these
}
