import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'

export interface Metrics {
  registry: Registry
  /** Commands, modals and buttons, by operation and how they ended: done, or the code of the failure. */
  operations: Counter<'operation' | 'outcome'>
  /** Commands that a sweep had to end: what it found in Quay. */
  orphans: Counter<'operation' | 'outcome'>
}

/** The bot's own metrics, for Prometheus at /metrics. They name operations and calls, never people or repositories. */
export function openMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const operations = new Counter({
    name: 'quaymaster_operations_total',
    help: 'Operations that people ran, by how they ended.',
    labelNames: ['operation', 'outcome'] as const,
    registers: [registry],
  })
  const orphans = new Counter({
    name: 'quaymaster_orphans_total',
    help: 'Commands whose end was never written, by what was found in Quay afterwards: happened, nothing, unknown.',
    labelNames: ['operation', 'outcome'] as const,
    registers: [registry],
  })
  return { registry, operations, orphans }
}

/** Whether each part that readiness asks for is well: 1 or 0, as of the last look at /readyz. */
export function readinessGauge({ registry }: Metrics) {
  return new Gauge({
    name: 'quaymaster_ready',
    help: 'Whether a part is well: 1 or 0.',
    labelNames: ['part'] as const,
    registers: [registry],
  })
}
