import { count, inArray, isNull } from 'drizzle-orm'
import { Gauge, Histogram } from 'prom-client'
import { openStates } from '../approvals/request.ts'
import type { Metrics } from '../core/metrics.ts'
import type { Db } from '../db/database.ts'
import { audit, events, requests } from '../db/schema.ts'
import type { Quay } from '../quay/registry.ts'
import type { Slack } from '../slack/clients.ts'

/** Measures every call to Quay. Call it before `quay` is copied: a copy keeps the observer that it was made with. */
export function measureQuay({ registry }: Metrics, quay: Quay) {
  const seconds = new Histogram({
    name: 'quaymaster_quay_call_seconds',
    help: 'Duration of calls to Quay in seconds, by method, template and status.',
    labelNames: ['method', 'template', 'status'] as const,
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
    registers: [registry],
  })
  quay.observe = ({ method, template, status, seconds: took }) => seconds.observe({ method, template, status: String(status) }, took)
}

/** Backlogs in the database, counted at each scrape. While the database is down these gauges are empty; the other metrics remain. */
export function measureWaiting({ registry }: Metrics, db: Db) {
  const registers = [registry]
  new Gauge({
    name: 'quaymaster_requests',
    help: 'Open approval requests, by state. Requests in state unknown must be resolved by a person.',
    labelNames: ['state'] as const,
    registers,
    collect() {
      return filled(this, async () => {
        const rows = await db
          .select({ state: requests.state, number: count() })
          .from(requests)
          .where(inArray(requests.state, openStates))
          .groupBy(requests.state)
        for (const state of openStates) this.set({ state }, rows.find((row) => row.state === state)?.number ?? 0)
      })
    },
  })
  new Gauge({
    name: 'quaymaster_events_waiting',
    help: 'Events from Quay that are stored but not yet processed into cards.',
    registers,
    collect() {
      return filled(this, async () => this.set(await db.$count(events, isNull(events.fannedAt))))
    },
  })
  new Gauge({
    name: 'quaymaster_audit_unsealed',
    help: 'Entries of the audit log that are not signed yet.',
    registers,
    collect() {
      return filled(this, async () => this.set(await db.$count(audit, isNull(audit.position))))
    },
  })
}

/** Number of configured people and user groups that Slack does not know. */
export function measureUnknownIds({ registry }: Metrics, { unknown }: Pick<Slack, 'unknown'>) {
  new Gauge({
    name: 'quaymaster_slack_unknown_ids',
    help: 'Users and user groups, such as approvers named by the policy, that no longer exist in Slack. They are ignored.',
    registers: [registry],
    collect() {
      this.set(unknown.size)
    },
  })
}

async function filled(gauge: { reset(): void }, fill: () => Promise<void>) {
  await fill().catch(() => gauge.reset())
}
