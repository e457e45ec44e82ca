// node test/bench/database.ts: how long the audit log of a million entries takes to answer, and what an idle bot with 10,000
// subscriptions asks PostgreSQL in a minute, printed. Nothing is asserted: times belong to the machine.

import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { Client } from 'pg'
import { pino } from 'pino'
import { openDatabase } from '../../src/db/open.ts'
import { openSandbox } from '../../src/sandbox/main.ts'
import { type AuditFilters, listAudit } from '../../src/security/audit-log.ts'
import { populate } from '../db/populated.ts'
import { startPostgres } from '../db/start-postgres.ts'
import { percentile } from './percentile.ts'

const entries = Number(process.env.ENTRIES ?? 1_000_000)
const subscriptions = Number(process.env.SUBSCRIPTIONS ?? 10_000)
const times = 50
const aMinute = 60_000
const day = 24 * 3_600_000

const server = await startPostgres()
await audit()
await idle()
await server.stop()

async function audit() {
  const database = await openDatabase({ databaseUrl: await server.database() }, pino({ level: 'silent' }))
  const now = Date.now()
  await populate(database.db, entries, now, 1_000)
  const filters: Record<string, (index: number) => AuditFilters> = {
    nothing: () => ({}),
    user: (index) => ({ account: `p${index * 7}` }),
    command: (index) => ({ operation: `command ${index}` }),
    phase: () => ({ phase: 'refused' }),
    reference: (index) => ({ reference: `r${index * 331}` }),
    request: (index) => ({ request: `q${index * 17}` }),
    day: (index) => ({ from: new Date(now - (index + 1) * 3 * day), until: new Date(now - (index * 3 + 2) * day) }),
    'user, command and phase': (index) => ({ account: `p${index * 7}`, operation: `command ${index}`, phase: 'refused' }),
  }
  for (const [name, filter] of Object.entries(filters)) {
    const took: number[] = []
    for (let index = 0; index < times; index += 1) {
      const began = performance.now()
      await listAudit(database, { filters: filter(index) })
      took.push(performance.now() - began)
    }
    print(`audit of ${entries} entries by ${name}`, `p50 ${ms(percentile(took, 0.5))}, p95 ${ms(percentile(took, 0.95))}`)
  }
  await database.close()
}

async function idle() {
  const databaseUrl = await server.database()
  const counted = countStatements()
  const sandbox = await openSandbox(
    { PORT: '0', LOG_LEVEL: 'silent', QUAY_RATE: '4' },
    { database: { databaseUrl }, policy: {}, log: { write: () => undefined } },
  )
  const { db, slack } = sandbox.bot
  const rows = sql`generate_series(1, ${subscriptions}::integer) as n`
  await db.execute(sql`insert into subscriptions (id, team, channel, target, owner, groups, severity, tags, "only", digest, state, checked_at, created_at)
    select 's' || n, ${slack.team}, 'C' || (n % 500), 'org' || (n / 50) || '/web' || n, 'U0BEA', '["pushes"]', 'high', '[]', 'all', 'none', 'active', now() - n * interval '1 second', now() from ${rows}`)
  await db.execute(sql`insert into hooks (token_hash, object, event, notification, created_at, checked_at)
    select 'h' || n, 'org' || (n / 50) || '/web' || n, 'repo_push', 'i' || n, now(), now() from ${rows}`)
  await db.execute(sql`insert into namespace_passes (namespace, due_at, calls, repositories, objects, subscriptions)
    select 'org' || n, now() + n * interval '3 seconds', 1, 50, 50, 50 from generate_series(0, ${Math.floor(subscriptions / 50)}::integer) as n
    on conflict (namespace) do nothing`)
  await sleep(aMinute)
  const before = counted()
  const calls = sandbox.quay.exchanges.length
  await sleep(aMinute)
  print(
    `an idle bot with ${subscriptions} subscriptions`,
    `${counted() - before} statements and ${sandbox.quay.exchanges.length - calls} calls to Quay in a minute`,
  )
  await sandbox.stop()
}

/** All statements of this process, those of the job queue and of transactions included. */
function countStatements() {
  let count = 0
  const { query } = Client.prototype
  Client.prototype.query = function counting(this: Client, ...given: unknown[]) {
    count += 1
    return Reflect.apply(query, this, given)
  } as typeof query // one of its many overloads
  return () => count
}

function ms(milliseconds: number) {
  return `${milliseconds.toFixed(1)} ms`
}

function print(what: string, figure: string) {
  process.stdout.write(`${what}: ${figure}\n`)
}
