import type { JobWithMetadata } from 'pg-boss'
import type { Bot } from '../context.ts'
import { Failure } from '../core/failure.ts'
import { keeps } from '../core/kept.ts'
import { newReference } from '../core/reference.ts'
import { declared, type Job, type JobData, queues } from '../db/queues.ts'
import { withPriority } from '../quay/http.ts'
import type { JobObserver } from './measure-jobs.ts'

/** `last`: this is the last attempt. */
interface Attempt {
  last: boolean
}

/** The handlers, looked up when a job arrives, so that this file depends on none of them. */
export type Workers = { [Name in Job]: (bot: Bot, data: JobData<Name>, attempt: Attempt) => Promise<unknown> }

/** Starts the workers of the existing queues. Returns a function that lets no more jobs begin; closing the database waits for running ones. */
export async function startJobs(bot: Bot, workers: Workers, observe: JobObserver = () => undefined) {
  // Object.keys loses the type of the keys.
  for (const name of Object.keys(queues) as Job[]) {
    for (let worker = 0; worker < (declared(name).concurrency ?? 1); worker += 1) await startWorker(bot, name, workers, observe)
  }
  const endPeriods = startPeriods(bot)
  bot.boss.once('stopped', endPeriods)
  return async () => {
    endPeriods()
    await Promise.all(Object.keys(queues).map((name) => bot.boss.offWork(name, { wait: false })))
  }
}

async function startWorker(bot: Bot, name: Job, workers: Workers, observe: JobObserver) {
  const { poll = 30 } = declared(name)
  const options = { pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: poll, includeMetadata: true } as const
  let id: string | undefined
  let unaware = false
  // After a job, pg-boss's worker waits for its next poll even if more jobs are queued.
  const lookAgain = () => {
    if (id === undefined) unaware = true
    else bot.boss.notifyWorker(id)
  }
  id = await bot.boss.work(name, options, async ([job]: JobWithMetadata<object>[]) => {
    lookAgain()
    if (job) await measured(observe, name, () => perform(bot, name, workers, job))
  })
  if (unaware) lookAgain()
  const ids = workerIds(bot)
  ids.set(name, [...(ids.get(name) ?? []), id])
}

async function measured(observe: JobObserver, name: Job, run: () => Promise<void>) {
  const began = performance.now()
  const end = (outcome: 'done' | 'failed') => observe(name, outcome, (performance.now() - began) / 1_000)
  try {
    await run()
    end('done')
  } catch (error) {
    end('failed')
    throw error
  }
}

/** Runs one job. An error is logged with a reference, and the queue stores only the reference, because errors may contain credentials. */
async function perform<Name extends Job>(bot: Bot, name: Name, workers: Workers, job: JobWithMetadata<object>) {
  const reference = newReference()
  const log = bot.log.child({ job: name, reference })
  try {
    const work: Workers[Name] = workers[name]
    const data = queues[name].data.parse(job.data) as JobData<Name> // parsed by its own schema
    await work({ ...bot, log, quay: withPriority(bot.quay, { class: 'job' }) }, data, { last: job.retryCount >= job.retryLimit })
  } catch (error) {
    const foreseen = error instanceof Failure
    log[foreseen ? 'warn' : 'error']({ err: error }, 'a job failed')
    throw new Error(`Reference ${reference}`)
  }
}

/** Queues periodic work now and in every period, once for all replicas. The start of the bot does not wait for it. */
function startPeriods(bot: Bot) {
  const timers: NodeJS.Timeout[] = []
  // Object.keys loses the type of the keys.
  for (const name of Object.keys(queues) as Job[]) {
    const { every } = declared(name)
    if (every === undefined) continue
    const send = () =>
      void bot.boss
        .send(name, {}, { singletonSeconds: every })
        .catch((err: unknown) => bot.log.warn({ err, job: name }, 'could not queue a job'))
    timers.push(setTimeout(send, 0), setInterval(send, every * 1_000).unref())
  }
  return () => timers.forEach((timer) => void clearTimeout(timer))
}

const workerIds = keeps(() => new Map<Job, string[]>())

/** Makes the workers of a queue poll now. A new job does so by itself. */
export function wake(bot: Pick<Bot, 'boss' | 'runtime'>, job: Job) {
  for (const id of workerIds(bot).get(job) ?? []) bot.boss.notifyWorker(id)
}
