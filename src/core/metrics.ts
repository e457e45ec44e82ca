import { count, inArray, isNull } from 'drizzle-orm'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Db } from '../context.ts'
import { audit, events, type RequestState, requests } from '../db/schema.ts'
import type { Quay } from '../quay/http.ts'

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

/** Measures every call to Quay. Call it before copies of `quay` are made: they keep what they were copied with. */
export function measureQuay({ registry }: Metrics, quay: Quay) {
  const seconds = new Histogram({
    name: 'quaymaster_quay_call_seconds',
    help: 'Calls to Quay, by template and status.',
    labelNames: ['method', 'template', 'status'] as const,
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
    registers: [registry],
  })
  quay.observe = ({ method, template, status, seconds: took }) => seconds.observe({ method, template, status: String(status) }, took)
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

const open: RequestState[] = ['pending', 'approved', 'running', 'unknown']

/** What waits in the database, looked up at each scrape. While the database does not answer these are left out, and the rest is there. */
export function measureWaiting({ registry }: Metrics, db: Db) {
  const registers = [registry]
  new Gauge({
    name: 'quaymaster_requests',
    help: 'Requests that are not over, by state. Unknown ones wait for a person who looks.',
    labelNames: ['state'] as const,
    registers,
    collect() {
      return filled(this, async () => {
        const rows = await db
          .select({ state: requests.state, number: count() })
          .from(requests)
          .where(inArray(requests.state, open))
          .groupBy(requests.state)
        for (const state of open) this.set({ state }, rows.find((row) => row.state === state)?.number ?? 0)
      })
    },
  })
  new Gauge({
    name: 'quaymaster_events_waiting',
    help: 'Events of Quay that are stored and not yet turned into cards.',
    registers,
    collect() {
      return filled(this, async () => this.set(await db.$count(events, isNull(events.fannedAt))))
    },
  })
  new Gauge({
    name: 'quaymaster_audit_unsealed',
    help: 'Rows of the audit that are not in its chain yet.',
    registers,
    collect() {
      return filled(this, async () => this.set(await db.$count(audit, isNull(audit.position))))
    },
  })
}

async function filled(gauge: { reset(): void }, fill: () => Promise<void>) {
  await fill().catch(() => gauge.reset())
}
