// A bot's life for kill.test.ts, in a process of its own that may be killed at any moment: opens DATA_DIR, says what it
// finds there, and goes on writing. It reports a row only when its transaction has committed.
import { writeSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import { startJobs } from '../../src/app/jobs.ts'
import { applyRetention } from '../../src/app/retention.ts'
import { workers } from '../../src/app/workers.ts'
import { acquire } from '../../src/command/idempotency.ts'
import { type Bot, enqueue, newRuntime } from '../../src/context.ts'
import { Failure } from '../../src/core/failure.ts'
import { secretsKey } from '../../src/core/keys.ts'
import { openDatabase } from '../../src/db/open.ts'
import { makeQueues } from '../../src/db/queues.ts'
import { audit, sealAudit, verifyAudit } from '../../src/security/audit-log.ts'

const [dataDir = '', until = 'killed'] = process.argv.slice(2)
const person = { id: 'U0ALICE', team: 'T0ACME', name: 'alice', account: 'alice' }

/** To the test, at once: a killed process flushes nothing. */
function say(word: string, value: unknown) {
  writeSync(1, `${JSON.stringify([word, value])}\n`)
}

flushCompileCache() // a killed process keeps nothing by itself
try {
  await live()
} catch (error) {
  if (!(error instanceof Failure)) throw error
  say('failure', error.sentence)
  process.exit(1)
}

async function live() {
  const keys = await secretsKey({ dataDir })
  const log = pino({ level: 'warn' }, pino.destination({ dest: 2, sync: true }))
  const database = await openDatabase({ dataDir }, log)
  // The rest of a bot is not asked by the state layer.
  const bot = { ...database, keys, log, clock: Date.now, runtime: newRuntime() } as unknown as Bot
  const { rows } = await bot.db.execute<{ key: string }>(sql`select key from entries order by created_at, key`)
  say('found', { id: keys.id, rows: rows.map(({ key }) => key), ...(await halves(bot)) })
  if (until === 'opened') return database.close()
  await makeQueues(bot.boss)
  await startJobs(bot, { ...workers, 'seal-audit': () => sealAudit(bot), 'clean-up': () => applyRetention(bot) })
  for (;;) await write(bot, `${process.pid}-${performance.now()}`)
}

/** A row in three tables, or in none. */
async function write(bot: Bot, key: string) {
  await bot.db.transaction(async (tx) => {
    await acquire(bot, tx, { key, person, operation: 'repo create', reference: key })
    await audit(bot, tx, { reference: key, phase: 'started', person, operation: 'repo create', input: { repository: 'acme/web' } })
    await enqueue(bot, tx, 'seal-audit', {})
  })
  say('wrote', key)
}

/** What must never be: an entry without its audit, or the other way round; a broken chain. */
async function halves(bot: Bot) {
  const { rows } = await bot.db.execute(
    sql`
    select coalesce(entries.key, audit.reference) as half from entries full join audit on entries.key = audit.reference
    where entries.key is null or audit.id is null`,
  )
  return { halves: rows, broken: (await verifyAudit(bot)).broken }
}
