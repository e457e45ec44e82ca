import { type ConstructorOptions, PgBoss } from 'pg-boss'
import type { Logger } from 'pino'

/** How long closing waits for the jobs that run: those that are cut off are done again, by their rows. */
export const jobsMayEnd = { timeout: 8_000 }

/**
 * The queue in our database. Workers are woken by NOTIFY the moment a transaction that queued a job commits, on PGlite
 * too (3–8 ms measured), so that polling is only for retries and for what a lost notification left.
 */
export function newBoss(log: Logger, options: ConstructorOptions) {
  const boss = new PgBoss({
    useListenNotify: true,
    // Interrupted jobs (heartbeats, time-outs) are looked for this often: docs/SECURITY.md rule 14.
    superviseIntervalSeconds: 15,
    monitorIntervalSeconds: 60,
    // Periodic work is queued by startJobs, not by cron; the registry of instances would only cost writes.
    schedule: false,
    registerInstance: false,
    openTelemetry: { enabled: false },
    ...options,
  })
  boss.on('error', (err) => log.error({ err }, 'the job queue failed'))
  boss.on('warning', ({ message, data }) => log.warn({ data }, `the job queue warns: ${message}`))
  return boss
}
