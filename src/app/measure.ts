import { Counter, Gauge, Histogram } from 'prom-client'
import type { Metrics } from '../core/metrics.ts'
import { backgroundLimit, countBackgroundCalls } from '../db/background-share.ts'
import type { Db } from '../db/database.ts'
import type { PoolUse } from '../db/pool.ts'
import { oldestUnfinished } from '../notifications/namespace-pass.ts'
import type { RateLimiter } from '../quay/budget.ts'
import type { Quay } from '../quay/registry.ts'
import type { Slack } from '../slack/clients.ts'
import { drawingOf } from '../slack/drawing.ts'

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

/** The budget of calls: who takes how much of it and waits how long, and what waits now. */
export function measureBudget({ registry }: Metrics, limiter: RateLimiter) {
  const registers = [registry]
  const labelNames = ['class', 'work'] as const
  const turns = new Counter({
    name: 'quaymaster_quay_turns_total',
    help: 'Calls to Quay that got their turn, by class and by what they are for.',
    ...{ labelNames, registers },
  })
  const waits = new Histogram({
    name: 'quaymaster_quay_wait_seconds',
    help: 'How long calls to Quay waited for their turn, in seconds, by class and by what they are for.',
    buckets: [0.1, 0.5, 1, 2, 5, 15, 60, 300],
    ...{ labelNames, registers },
  })
  limiter.watch(({ class: name, work, waited }) => {
    turns.inc({ class: name, work })
    waits.observe({ class: name, work }, waited)
  })
  new Gauge({
    name: 'quaymaster_quay_waiting',
    help: 'Calls to Quay that wait for their turn now, by class.',
    labelNames: ['class'] as const,
    registers,
    collect() {
      for (const [name, count] of Object.entries(limiter.standing().waiting)) this.set({ class: name }, count)
    },
  })
  new Gauge({
    name: 'quaymaster_quay_rate',
    help: 'Calls a second that this process may send: QUAY_RATE, divided among the replicas.',
    registers,
    collect() {
      this.set(limiter.standing().rate)
    },
  })
}

/** Connections of PostgreSQL. While statements wait, DATABASE_POOL is too small or the database too slow. */
export function measurePool({ registry }: Metrics, pool: () => PoolUse) {
  new Gauge({
    name: 'quaymaster_database_connections',
    help: 'Connections of the pool to PostgreSQL: open, working; and the statements waiting for one.',
    labelNames: ['state'] as const,
    registers: [registry],
    collect() {
      for (const [state, number] of Object.entries(pool())) this.set({ state }, number)
    },
  })
}

/** What background work costs, and whether it keeps up. */
export function measureBackground({ registry }: Metrics, { db, clock, rate }: { db: Db; clock: () => number; rate: number }) {
  const registers = [registry]
  new Gauge({
    name: 'quaymaster_background_calls_per_hour',
    help: 'Calls to Quay by background work in the last hour, all replicas together: used, and the limit that follows from QUAY_RATE.',
    labelNames: ['kind'] as const,
    registers,
    collect() {
      this.set({ kind: 'limit' }, backgroundLimit(rate))
      return filled(this, async () => this.set({ kind: 'used' }, await countBackgroundCalls(db, clock())))
    },
  })
  new Gauge({
    name: 'quaymaster_oldest_pass_seconds',
    help: 'Seconds since the oldest unfinished pass over a namespace was due or began; 0: none is unfinished.',
    registers,
    collect() {
      return filled(this, async () => {
        const oldest = await oldestUnfinished({ db, clock })
        this.set(oldest ? Math.max(0, clock() - oldest.since) / 1_000 : 0)
      })
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

/** Tables, charts and plans: what Slack refused, and what is therefore sent plainly. */
export function measureDrawing({ registry }: Metrics, { drawing }: Pick<Slack, 'drawing'>) {
  const registers = [registry]
  const counter = new Counter({
    name: 'quaymaster_slack_blocks_refused_total',
    help: 'Messages that Slack refused with a table, chart or plan and that were sent plainly (refused), and blocks that the workspace lacks (remembered).',
    labelNames: ['block', 'outcome'] as const,
    registers,
  })
  drawing.observe = (block, outcome) => counter.inc({ block, outcome })
  new Gauge({
    name: 'quaymaster_slack_blocks_drawn',
    help: 'Whether tables, charts and plans are drawn in this workspace: 1, or 0 while they are off or refused.',
    labelNames: ['block'] as const,
    registers,
    collect() {
      for (const [block, state] of Object.entries(drawingOf(drawing))) this.set({ block }, state === 'drawn' ? 1 : 0)
    },
  })
}

/** Fills a gauge from the database; while that is down, the gauge is empty. */
export async function filled(gauge: { reset(): void }, fill: () => Promise<void>) {
  await fill().catch(() => gauge.reset())
}
