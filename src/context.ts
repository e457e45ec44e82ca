import { sql } from 'drizzle-orm'
import { fromDrizzle, type PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import type { Config } from './core/config.ts'
import type { InFlight } from './core/drain.ts'
import type { Kept } from './core/kept.ts'
import type { Keys } from './core/keys.ts'
import type { Metrics } from './core/metrics.ts'
import type { Policy } from './core/policy.ts'
import type { Timers } from './core/timers.ts'
import { type Cache, openCache } from './core/ttl-cache.ts'
import type { Db } from './db/database.ts'
import type { Trouble } from './db/errors.ts'
import type { Job, JobData } from './db/queues.ts'
import { withPriority } from './quay/http.ts'
import type { Quay } from './quay/registry.ts'
import type { Slack } from './slack/clients.ts'

/** What belongs to one process and is gone with it. */
export interface Runtime {
  inFlight: InFlight
  timers: Timers
  kept: Kept
}

export function newRuntime(): Runtime {
  return { inFlight: new Set(), timers: { stopped: false, due: new Map() }, kept: new Map() }
}

/** What every handler is given: made once in start.ts. */
export interface Bot {
  config: Config
  db: Db
  boss: PgBoss
  /** Why the database cannot write, within a second; undefined where it can. */
  trouble: () => Promise<Trouble | undefined>
  quay: Quay
  slack: Slack
  policy: Policy
  log: Logger
  metrics: Metrics
  /** Derived from SECRETS_KEY: for sealed credentials and the audit's chain. */
  keys: Keys
  /** Quay's answers about rights, for 30 seconds: for reading and drawing, never for a change, a decision or a run. */
  cache: Cache
  /** What this process keeps for itself, shared by all copies. */
  runtime: Runtime
  /** Milliseconds since 1970. The sandbox's clock can be moved forward; nothing of ours asks the system's. */
  clock: () => number
}

/** The same bot, whose calls to Quay stand in that person's line: those that find out their rights too. */
export function onBehalfOf(bot: Bot, person: string): Bot {
  return { ...bot, quay: withPriority(bot.quay, { class: 'interactive', person }) }
}

/**
 * The same bot, which has forgotten what it knew of people, groups and rights: whatever it asks is asked now, and once. For a
 * decision and a run (docs/SECURITY.md rule 2).
 */
export function withoutCache(bot: Bot): Bot {
  const people = openCache(60, bot.clock, 500)
  return { ...bot, cache: openCache(30, bot.clock, 500), slack: { ...bot.slack, people } }
}

/** The only way to queue a job: it exists exactly when the transaction that asked for it committed. */
export async function enqueue<Name extends Job>({ boss }: Pick<Bot, 'boss'>, tx: Db, job: Name, data: JobData<Name>) {
  // Without `db`, boss.send hangs for ever inside a transaction on PGlite: there is only one connection.
  await boss.send(job, data, { db: fromDrizzle(tx, sql) })
}
