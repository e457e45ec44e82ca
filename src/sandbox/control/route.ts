import type { QuaySettings } from '../quay/settings.ts'
import type { Fields } from '../slack/json.ts'
import type { SimulatedSlack } from '../slack/simulate.ts'

/** What the control API needs from the simulated Quay (sandbox/quay/api.ts). */
export interface Registry {
  readonly exchanges: unknown
  faults(faults: never): void
  set(settings: QuaySettings): void
  cleanUp(): void
  tick(): unknown
  reset(): unknown
  snapshot(): unknown
}

export interface Simulators {
  slack: SimulatedSlack
  quay: Registry
  clock: { now(): number; advance(ms: number): void | Promise<void> }
  onReset?: () => Promise<void>
}

/** One endpoint below /_control/: its input and its answer. */
export type Route = (simulators: Simulators, given: Fields) => unknown

/** The endpoints below /_control/, by name. */
export interface Routes {
  reads: Record<string, Route | undefined>
  actions: Record<string, Route | undefined>
}
