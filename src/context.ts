import { sql } from 'drizzle-orm'
import { fromDrizzle, type PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import type { Config } from './core/config.ts'
import type { InFlight } from './core/drain.ts'
import { type Kept, keeps } from './core/kept.ts'
import type { Keys } from './core/keys.ts'
import type { Metrics } from './core/metrics.ts'
import type { Policy } from './core/policy.ts'
import { isStopped, type Timers } from './core/timers.ts'
import { type Cache, openCache } from './core/ttl-cache.ts'
import { openBackgroundShare } from './db/background-share.ts'
import type { Db } from './db/database.ts'
import type { Trouble } from './db/errors.ts'
import type { Job, JobData } from './db/queues.ts'
import { remembering, withPriority } from './quay/http.ts'
import type { Quay } from './quay/registry.ts'
import type { Work } from './quay/shares.ts'
import type { Slack } from './slack/clients.ts'

/** State that belongs to one process and ends with it. */
export interface Runtime {
  inFlight: InFlight
  timers: Timers
  kept: Kept
}

/** Nothing runs, waits or is kept yet. */
export function newRuntime(): Runtime {
  return { inFlight: new Set(), timers: { stopped: false, due: new Map() }, kept: new Map() }
}

/** The context of every handler, created once in start.ts. */
export interface Bot {
  config: Config
  db: Db
  boss: PgBoss
  /** Why the database cannot be written; undefined if it can. Answers within a second. */
  trouble: () => Promise<Trouble | undefined>
  quay: Quay
  slack: Slack
  policy: Policy
  log: Logger
  metrics: Metrics
  /** Derived from SECRETS_KEY, for sealed credentials and the chain of the audit log. */
  keys: Keys
  /** Quay's answers about permissions, for 30 seconds: for reads and rendering, never for a change, a decision or a run. */
  cache: Cache
  /** The state of this process, shared by all copies of the context. */
  runtime: Runtime
  /** Milliseconds since 1970. The sandbox can move its clock forward, so our code never reads the system's clock. */
  clock: () => number
}

/**
 * A copy for one execution of that person: its calls to Quay, permission checks included, are scheduled in the person's queue,
 * and each thing is read once. Nothing of it is shared with another execution.
 */
export function onBehalfOf(bot: Bot, person: string, work: Work = 'command'): Bot {
  return { ...bot, quay: remembering(withPriority(bot.quay, { class: 'interactive', person, work })) }
}

/**
 * A copy for the work that nobody waits for: all its calls to Quay together, on all replicas, keep to a part of QUAY_RATE even
 * if nothing else asks Quay.
 */
export function inBackground(bot: Bot, work: Work): Bot {
  const quay = withPriority(bot.quay, { class: 'background', work })
  const wait = backgroundShareOf(bot)
  const { turn } = quay.rateLimiter
  const paced: typeof turn = async (...given) => {
    await wait()
    return turn(...given)
  }
  return { ...bot, quay: { ...quay, rateLimiter: { ...quay.rateLimiter, turn: paced } } }
}

const backgroundShareOf = keeps((bot: Bot) =>
  openBackgroundShare({ db: bot.db, clock: bot.clock, rate: bot.config.QUAY_RATE, isStopped: () => isStopped(bot) }),
)

/**
 * A copy with empty caches of people, groups and permissions: every answer is read now, or was read by this very execution, and
 * only once. Used for a decision and a run (docs/SECURITY.md rule 2).
 */
export function withoutCache(bot: Bot): Bot {
  const people = openCache(60, bot.clock, 500)
  const quay = bot.quay.memo ? bot.quay : remembering(bot.quay)
  return { ...bot, quay, cache: openCache(30, bot.clock, 500), slack: { ...bot.slack, people } }
}

/** The only way to queue a job: the job exists if and only if the transaction that queued it commits. */
export async function enqueue<Name extends Job>({ boss }: Pick<Bot, 'boss'>, tx: Db, job: Name, data: JobData<Name>) {
  // Without `db`, boss.send would wait forever inside a transaction on PGlite, which has only one connection.
  await boss.send(job, data, { db: fromDrizzle(tx, sql) })
}
