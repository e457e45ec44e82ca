// node test/db/measure.ts [pglite | postgres]: what the state layer costs, printed.

import { pino } from 'pino'
import { startJobs } from '../../src/app/jobs.ts'
import { workers } from '../../src/app/workers.ts'
import { acquire } from '../../src/command/idempotency.ts'
import { type Bot, enqueue, newRuntime } from '../../src/context.ts'
import { secretsKey } from '../../src/core/keys.ts'
import { openDatabase } from '../../src/db/open.ts'
import { makeQueues } from '../../src/db/queues.ts'
import { openMemory } from '../../src/sandbox/start/memory-database.ts'
import { audit, sealAudit, verifyAudit } from '../../src/security/audit-log.ts'
import { startPostgres } from './start-postgres.ts'

const kind = process.argv[2] === 'postgres' ? 'postgres' : 'pglite'
const person = { id: 'U0ALICE', team: 'T0ACME', name: 'alice', account: 'alice' }
const row = {
  reference: 'q7f3m2',
  phase: 'started',
  person,
  operation: 'repo create',
  input: { repository: 'acme/web', visibility: 'private' },
} as const

const server = kind === 'postgres' ? await startPostgres() : undefined
const log = pino({ level: 'warn' })
const where = server ? { databaseUrl: await server.database() } : ({ memory: openMemory } as const)
const opened = performance.now()
const database = await openDatabase(where, log)
print('opened', `${ms(performance.now() - opened)}`)
// The rest of a bot is not asked by the state layer.
const bot = {
  ...database,
  log,
  clock: Date.now,
  runtime: newRuntime(),
  keys: await secretsKey({ setting: 'a setting of thirty-two letters or more' }),
} as unknown as Bot

let arrived = (_at: number) => undefined as unknown
await makeQueues(bot.boss)
await startJobs(bot, { ...workers, 'seal-audit': async () => undefined, 'clean-up': async () => arrived(performance.now()) })

await latency()
await throughput()
await chain()
await idle()
await database.close()
await server?.stop()

async function latency() {
  const waits: number[] = []
  for (let job = 0; job < 200; job += 1) {
    const done = new Promise<number>((resolve) => {
      arrived = resolve
    })
    let committed = 0
    await bot.db
      .transaction((tx) => enqueue(bot, tx, 'clean-up', {}))
      .then(() => {
        committed = performance.now()
      })
    waits.push((await done) - committed)
  }
  waits.sort((one, other) => one - other)
  print('commit → worker', `p50 ${ms(waits[100])}, p99 ${ms(waits[197])}`)
}

async function throughput() {
  const started = performance.now()
  for (let index = 0; index < 500; index += 1) {
    await bot.db.transaction(async (tx) => {
      await acquire(bot, tx, { key: `key-${index}`, person, operation: 'repo create', reference: 'q7f3m2' })
      await audit(bot, tx, row)
    })
  }
  print('claim + audit started, one transaction', `${ms((performance.now() - started) / 500)} each`)
}

async function chain() {
  for (let index = 0; index < 20_000; index += 1) await audit(bot, bot.db, row)
  const started = performance.now()
  await sealAudit(bot)
  const sealed = performance.now()
  const { sealed: count } = await verifyAudit(bot)
  print(`sealing ${count} rows`, `${ms(sealed - started)}; verifying ${ms(performance.now() - sealed)}`)
}

async function idle() {
  await new Promise((resolve) => setTimeout(resolve, 5_000))
  const before = process.cpuUsage()
  await new Promise((resolve) => setTimeout(resolve, 60_000))
  const { user, system } = process.cpuUsage(before)
  print(
    'idle for a minute, queues polled',
    `${ms((user + system) / 1_000)} of CPU, ${Math.round(process.memoryUsage.rss() / 1_048_576)} MB resident`,
  )
}

function ms(milliseconds = 0) {
  return `${milliseconds.toFixed(1)} ms`
}

function print(what: string, figure: string) {
  process.stdout.write(`${kind}  ${what}: ${figure}\n`)
}
