import './quiet-clients.ts'
import { type ConstructorOptions, PgBoss } from 'pg-boss'
import type { Logger } from 'pino'

/** How long closing waits for running jobs, in milliseconds. Interrupted ones are repeated, because their rows remain. */
export const jobsMayEnd = { timeout: 8_000 }

/**
 * The job queue in our database. NOTIFY wakes the workers as soon as a transaction with a job commits, on PGlite too
 * (3–8 ms measured), so that polling is needed only for retries and after a lost notification.
 */
export function newBoss(log: Logger, options: ConstructorOptions) {
  const boss = new PgBoss({
    useListenNotify: true,
    // The interval for detecting interrupted jobs (heartbeats, time-outs): docs/SECURITY.md rule 14.
    superviseIntervalSeconds: 15,
    monitorIntervalSeconds: 60,
    // Periodic work is queued by startJobs instead of cron; a registry of instances would only cost writes.
    schedule: false,
    registerInstance: false,
    openTelemetry: { enabled: false },
    ...options,
  })
  boss.on('error', (err) => log.error({ err }, 'the job queue failed'))
  boss.on('warning', ({ message, data }) => log.warn({ data }, `the job queue warns: ${message}`))
  return boss
}
