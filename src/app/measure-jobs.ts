import { sql } from 'drizzle-orm'
import { Counter, Gauge, Histogram } from 'prom-client'
import type { Metrics } from '../core/metrics.ts'
import type { Db } from '../db/database.ts'
import { declared, type Job, queues } from '../db/queues.ts'
import { filled } from './measure.ts'

/** Told of every job that ended. */
export type JobObserver = (job: Job, outcome: 'done' | 'failed', seconds: number) => void

/** How long jobs take, how many fail, and how many run longer than they may. */
export function measureJobs({ registry }: Metrics): JobObserver {
  const registers = [registry]
  const duration = new Histogram({
    name: 'quaymaster_job_seconds',
    help: 'Duration of background jobs in seconds, by job and outcome: done or failed.',
    labelNames: ['job', 'outcome'] as const,
    buckets: [0.1, 1, 5, 15, 60, 300, 1_800],
    registers,
  })
  const overruns = new Counter({
    name: 'quaymaster_job_overruns_total',
    help: 'Background jobs that took longer than their limit, after which another process may repeat them.',
    labelNames: ['job'] as const,
    registers,
  })
  // A counter that is there from the beginning, so that its first step is seen as one. Object.keys loses the type of the keys.
  for (const job of Object.keys(queues) as Job[]) overruns.inc({ job }, 0)
  return (job, outcome, seconds) => {
    duration.observe({ job, outcome }, seconds)
    if (seconds > (declared(job).options.expireInSeconds ?? Number.POSITIVE_INFINITY)) overruns.inc({ job })
  }
}

/** What waits in the queues now, counted at each scrape; the same on all replicas. */
export function measureQueues({ registry }: Metrics, db: Db) {
  const registers = [registry]
  const labelNames = ['job'] as const
  const waiting = new Gauge({
    name: 'quaymaster_jobs_waiting',
    help: 'Background jobs that are due and not begun, by job.',
    ...{ labelNames, registers },
    collect() {
      return filled(this, () => fill(db, (job, { count }) => waiting.set({ job }, count)))
    },
  })
  const oldest = new Gauge({
    name: 'quaymaster_jobs_oldest_seconds',
    help: 'Seconds since the oldest job that is due and not begun was due, by job; 0: none waits.',
    ...{ labelNames, registers },
    collect() {
      return filled(this, () => fill(db, (job, { seconds }) => oldest.set({ job }, seconds)))
    },
  })
}

interface Backlog {
  count: number
  seconds: number
}

async function fill(db: Db, set: (job: Job, backlog: Backlog) => void) {
  // By the database's clock, as pg-boss has it.
  const { rows } = await db.execute<{ name: string; count: string | number; seconds: string | number }>(sql`
    select name, count(*) as count, extract(epoch from now() - min(start_after)) as seconds
    from pgboss.job where state < 'active' and start_after <= now() group by name`)
  // Object.keys loses the type of the keys.
  for (const job of Object.keys(queues) as Job[]) {
    const row = rows.find(({ name }) => name === job)
    set(job, { count: Number(row?.count ?? 0), seconds: Math.max(0, Number(row?.seconds ?? 0)) })
  }
}
