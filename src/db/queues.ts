import type { PgBoss, Queue } from 'pg-boss'
import { z } from 'zod'

interface Declared {
  /** What a job carries: ids of rows, never values that may change. */
  data: z.ZodObject
  /** Seconds from one run to the next, for work that nobody asks for; one replica does it. */
  every?: number
  /** How often a worker looks for jobs whose time has come. New ones wake it, so this delays only retries. */
  poll?: number
  /** How many run at once in this process. */
  concurrency?: number
  options: Omit<Queue, 'name'>
}

const hour = 3_600
const nothing = z.strictObject({})

// pg-boss alone would try twice, at once, and give up a job after 15 minutes while it still runs.
const periodic = {
  retryLimit: 3,
  retryDelay: 5,
  retryBackoff: true,
  expireInSeconds: 300,
  retentionSeconds: hour,
  deleteAfterSeconds: hour,
}

// The rows say what is to be done, and each of these looks for them again: a job that is lost costs seconds, not an event.
// One waits at a time (`short`): whoever asks while it waits is served by it, because it takes all rows there are.
const events = {
  policy: 'short' as const,
  retryLimit: 20,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 60,
  expireInSeconds: 60,
  retentionSeconds: hour,
  deleteAfterSeconds: 60,
}
const request = z.strictObject({ id: z.string() })
// What the row says is done again by the sweep: the queue need not try.
const byRow = { ...periodic, retryLimit: 0 }
const notes = ['denied', 'failed', 'unknown', 'first-reminder', 'reminder', 'escalated', 'credential'] as const
export type Note = (typeof notes)[number]

/** Every queue. A queue without a worker does not belong here. */
export const queues = {
  /** Links new rows of the audit into its chain. */
  'seal-audit': { data: nothing, every: 60, options: periodic },
  /** Deletes what has lived long enough. */
  'clean-up': { data: nothing, every: hour, options: { ...periodic, deleteAfterSeconds: 6 * hour } },
  /** Turns all events of Quay's that are waiting into cards. */
  'fan-out': { data: nothing, every: 15, poll: 5, options: events },
  /** Lets every channel with something to draw have its turn. */
  deliver: { data: nothing, every: 15, poll: 5, options: events },
  /** Looks at the builds of repositories whose time has come. */
  'follow-builds': { data: nothing, every: 30, poll: 5, options: events },
  /** Mends Quay's notifications of ours that failed, vanished or were switched off. */
  'heal-subscriptions': { data: nothing, every: 60, options: periodic },
  /** Makes and takes away Quay's notifications, as subscriptions and repositories come and go. */
  reconcile: { data: nothing, every: 60, options: periodic },
  digest: { data: nothing, every: 60, options: periodic },
  /** Draws App Homes of which something has changed. */
  'show-homes': { data: nothing, every: 60, poll: 5, options: events },
  /** Posts what must stand in Slack once: a credential's message, an outcome that Slack did not take. */
  'send-posts': { data: nothing, every: 15, poll: 5, options: events },
  /** Runs what was approved. */
  'run-request': { data: request, concurrency: 4, options: byRow },
  /** Draws a request as it is now: its card and its requester's message. */
  'show-request': { data: request, concurrency: 2, options: byRow },
  /** Says something in a card's thread. */
  'note-request': { data: request.extend({ note: z.enum(notes) }), options: { ...periodic, retryLimit: 20, retryDelayMax: 300 } },
  /** Reminders, escalations, expiries, and whatever should be run or drawn and is not. */
  'sweep-requests': { data: nothing, every: 15, options: periodic },
  /** Ends commands that began and have no end. */
  'end-orphans': { data: nothing, every: 60, options: periodic },
  /** Reads a usage log to its end and sends it as a file. Two at once: each may take minutes. */
  'export-logs': {
    data: z.strictObject({
      person: z.string(),
      scope: z.enum(['registry', 'namespace', 'repository']),
      name: z.string(),
      from: z.string(),
      to: z.string(),
      reference: z.string(),
    }),
    concurrency: 2,
    options: { ...periodic, expireInSeconds: 2 * hour, retryLimit: 5 },
  },
} satisfies Record<string, Declared>

export type Job = keyof typeof queues

export type JobData<Name extends Job> = z.output<(typeof queues)[Name]['data']>

export function declared(name: Job): Declared {
  return queues[name]
}

/** Makes the queues that are not there yet, and changes those whose settings have changed since: at most starts that is none. */
export async function makeQueues(boss: PgBoss) {
  const present = new Map((await boss.getQueues(Object.keys(queues))).map((queue) => [queue.name, queue]))
  for (const name of Object.keys(queues) as Job[]) {
    const options = { ...declared(name).options, notify: true }
    const { policy: _, partition: __, ...changeable } = options
    const queue = present.get(name)
    if (!queue) await boss.createQueue(name, options)
    else if (!matches(queue, changeable)) await boss.updateQueue(name, changeable)
  }
}

function matches(queue: object, wanted: object) {
  const stored = new Map(Object.entries(queue))
  return Object.entries(wanted).every(([setting, value]) => stored.get(setting) === value)
}
