import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'

export interface Metrics {
  registry: Registry
  /** Commands, modals and buttons, by command name and outcome: `done`, or the code of the Failure. */
  commands: Counter<'operation' | 'outcome'>
  /** Interrupted commands that the sweep resolved, by what it found in Quay. */
  orphans: Counter<'operation' | 'outcome'>
}

/** The bot's own metrics, for Prometheus at /metrics. Their labels name commands and calls, never people or repositories. */
export function openMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const commands = new Counter({
    name: 'quaymaster_operations_total',
    help: 'Commands run, by outcome.',
    labelNames: ['operation', 'outcome'] as const,
    registers: [registry],
  })
  const orphans = new Counter({
    name: 'quaymaster_orphans_total',
    help: 'Interrupted commands, by what was found in Quay afterward: happened, nothing, unknown.',
    labelNames: ['operation', 'outcome'] as const,
    registers: [registry],
  })
  return { registry, commands, orphans }
}

/** Health of each part that readiness depends on: 1 or 0, as of the last request to /readyz. */
export function readinessGauge({ registry }: Metrics) {
  return new Gauge({
    name: 'quaymaster_ready',
    help: 'Health of a component: 1 is healthy, 0 is not.',
    labelNames: ['part'] as const,
    registers: [registry],
  })
}
