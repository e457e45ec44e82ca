import type { PgBoss, Queue } from 'pg-boss'
import { z } from 'zod'

interface Declared {
  /** The data of a job: ids of rows, never values that may change. */
  data: z.ZodObject
  /** Seconds between two runs of periodic work; one replica does it. */
  every?: number
  /** Seconds between two polls for due jobs. New jobs wake the worker, so this delays only retries. */
  poll?: number
  /** Number of concurrent jobs in this process. */
  concurrency?: number
  options: Omit<Queue, 'name'>
}

const hour = 3_600
const nothing = z.strictObject({})

// By default pg-boss would retry twice at once, and give up a job after 15 minutes while it still runs.
const periodic = {
  retryLimit: 3,
  retryDelay: 5,
  retryBackoff: true,
  expireInSeconds: 300,
  retentionSeconds: hour,
  deleteAfterSeconds: hour,
}

// These jobs may run for 20 minutes, one at a time over all replicas (db/lease.ts). While one runs, at most one more is queued.
const passes = { ...periodic, policy: 'short' as const, expireInSeconds: hour / 2 }

// The rows decide what is to be done, and each of these jobs polls them: a lost job costs seconds, not an event.
// At most one job is queued (`short`); it processes all pending rows.
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
// The sweep repeats the work of the row, so the queue need not retry.
const byRow = { ...periodic, retryLimit: 0 }
const notes = ['denied', 'failed', 'unknown', 'first-reminder', 'reminder', 'escalated', 'credential', 'tell', 'reopened', 'ended'] as const
export type Note = (typeof notes)[number]

/** Every queue. Each must have a worker. */
export const queues = {
  /** Seals new entries of the audit log. */
  'seal-audit': { data: nothing, every: 60, options: periodic },
  /** Deletes expired rows. */
  'clean-up': { data: nothing, every: hour, options: { ...periodic, deleteAfterSeconds: 6 * hour } },
  /** Turns pending events from Quay into cards. */
  'fan-out': { data: nothing, every: 15, poll: 5, options: events },
  /** Posts the pending messages of every channel. */
  deliver: { data: nothing, every: 15, poll: 5, options: events },
  /** Polls the builds of repositories that are due. */
  'follow-builds': { data: nothing, every: 30, poll: 5, options: events },
  /** Checks whether the owners of subscriptions still have their permissions. */
  'heal-subscriptions': { data: nothing, every: 60, options: passes },
  /** Creates and deletes our notifications in Quay when subscriptions or repositories change, and repairs those that failed. */
  reconcile: { data: nothing, every: 60, options: passes },
  /** Reads the directory of the registry on: accounts, organizations, repositories. The rows say what is due and who reads it. */
  directory: { data: nothing, every: 60, options: { ...byRow, policy: 'short' } },
  digest: { data: nothing, every: 60, options: passes },
  /** Publishes App Homes that have changed. */
  'show-homes': { data: nothing, every: 60, poll: 5, options: events },
  /** Posts messages that must be posted once: the offer of a credential, an outcome that Slack did not accept. */
  'send-posts': { data: nothing, every: 15, poll: 5, options: events },
  /** Runs approved requests. */
  'run-request': { data: request, concurrency: 4, options: byRow },
  /** Publishes a request: its card and its requester's message. */
  'show-request': { data: request, concurrency: 2, options: byRow },
  /** Posts a note in the thread of a card. */
  'note-request': { data: request.extend({ note: z.enum(notes) }), options: { ...periodic, retryLimit: 20, retryDelayMax: 300 } },
  /** Reminders, escalations and expiries, and whatever should be running or published and is not. */
  'sweep-requests': { data: nothing, every: 15, options: periodic },
  /** Warns of temporary permissions that end soon, and ends those that are due. */
  'end-access': { data: nothing, every: 15, poll: 5, options: events },
  /** Resolves commands that began and have no outcome. */
  'end-orphans': { data: nothing, every: 60, options: periodic },
  /** Reads a whole usage log and sends it as a file. Two at once, because each may take minutes. */
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

/** How often and how long jobs of this kind are tried. */
export function declared(name: Job): Declared {
  return queues[name]
}

/** Creates missing queues, and updates those with changed settings. Most starts need neither. */
export async function makeQueues(boss: PgBoss) {
  const present = new Map((await boss.getQueues(Object.keys(queues))).map((queue) => [queue.name, queue]))
  // Object.keys loses the type of the keys.
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
