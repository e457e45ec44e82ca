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

// In milliseconds: most transactions have committed by the first, nearly all by the last. The poll every two seconds finds the rest.
const looks = [30, 150, 500]

/** Behind a pooler nobody is notified of a job, so the workers of this process look for it soon after it was queued here. */
export function lookSoonAfterSending(boss: PgBoss) {
  const workers = new Map<string, string[]>()
  const work = boss.work.bind(boss) as (name: string, ...given: unknown[]) => Promise<string> // one of its overloads
  const send = boss.send.bind(boss) as (name: string, ...given: unknown[]) => Promise<string | null> // one of its overloads
  boss.work = (async (name: string, ...given: unknown[]) => {
    const id = await work(name, ...given)
    workers.set(name, [...(workers.get(name) ?? []), id])
    return id
  }) as typeof boss.work // all of its overloads
  const look = (name: string) => workers.get(name)?.forEach((id) => void boss.notifyWorker(id))
  boss.send = (async (name: string, ...given: unknown[]) => {
    const id = await send(name, ...given)
    for (const wait of looks) setTimeout(look, wait, name).unref()
    return id
  }) as typeof boss.send // all of its overloads
}
