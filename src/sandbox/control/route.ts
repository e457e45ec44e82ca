import type { QuaySettings } from '../quay/settings.ts'
import type { Fields } from '../slack/json.ts'
import type { SimulatedSlack } from '../slack/simulate.ts'

/** What the control API needs of the simulated Quay (sandbox/quay/api.ts). */
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

/** One thing behind /_control/: what is asked of it, and what it answers. */
export type Route = (simulators: Simulators, given: Fields) => unknown

/** By name: what stands behind /_control/. */
export interface Routes {
  reads: Record<string, Route | undefined>
  actions: Record<string, Route | undefined>
}
