import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate } from 'node:timers/promises'
import type { PGlite, Transaction } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'
import { fromPglite } from 'pg-boss'
import type { Logger } from 'pino'
import { anHour } from '../core/durations.ts'
import { jobsMayEnd, newBoss } from './boss.ts'
import type { Database, Db } from './database.ts'
import { guard } from './guard.ts'
import { probe, troubleWith } from './health.ts'
import { casing, migrations } from './migrate.ts'

/**
 * Migrates the tables and the job queue, and starts the queue. `hasRoom`: whether its disk has space left. `isCurrent`: all
 * migrations of these sources were run.
 */
export async function startPglite(
  pglite: PGlite,
  log: Logger,
  { hasRoom = () => true, isCurrent = false }: { hasRoom?: () => boolean; isCurrent?: boolean } = {},
): Promise<Database> {
  refuseQueriesBesideTransaction(pglite)
  refuseWithoutRoom(pglite, hasRoom)
  letOthersIn(pglite)
  const db = drizzle(pglite, { casing })
  if (!isCurrent) await migrate(db, migrations)
  // PGlite has no autovacuum and one connection, so pg-boss need not rebuild concurrently or monitor.
  const boss = newBoss(log, { backend: 'pglite', db: fromPglite(pglite), reindex: false, monitorVacuum: false })
  await boss.start()
  const pulse = guard(db)
  const vacuum = setInterval(() => void vacuumed(pglite, log), 6 * anHour).unref()
  return {
    db: db as unknown as Db, // drizzle has a type for each driver; the queries are the same
    boss,
    kind: 'pglite',
    close: async () => {
      clearInterval(vacuum)
      await boss.stop(jobsMayEnd)
      await pglite.close()
    },
    trouble: troubleWith({ write: async () => pglite.query(probe), read: async () => undefined, pulse }),
  }
}

/** Does the work of autovacuum: without it the space of deleted rows would never be reused. */
async function vacuumed(pglite: PGlite, log: Logger) {
  await pglite.exec('vacuum (analyze)').catch((err: unknown) => log.warn({ err }, 'vacuum failed'))
}

const longestTurn = 10

/**
 * PGlite answers in the same turn of the event loop, so a hundred dependent queries would block everything else (Slack, Quay,
 * the page) until the last is done. Other work gets a turn between two of them.
 */
function letOthersIn(pglite: PGlite) {
  const execute = pglite.execProtocolStream.bind(pglite)
  let since = performance.now()
  pglite.execProtocolStream = async (...given) => {
    if (performance.now() - since > longestTurn) {
      await setImmediate()
      since = performance.now()
    }
    return execute(...given)
  }
}

const reads = /^\s*(?:select|show)\b/i
// Looking at the disk before every statement would cost more than the statement.
const lookedEvery = 500

/**
 * PGlite hangs for ever, and its process with it, when its journal finds no more space (seen with 0.5.16). So it writes nothing while
 * there is too little; what is read is read on, and it goes on by itself when there is space again.
 */
function refuseWithoutRoom(pglite: PGlite, hasRoom: () => boolean) {
  let looked = Number.NEGATIVE_INFINITY
  let has = true
  const check = () => {
    if (performance.now() - looked > lookedEvery) {
      looked = performance.now()
      has = hasRoom()
    }
    if (!has) throw Object.assign(new Error('no space left on device'), { code: '53100' })
  }
  const query = pglite.query
  pglite.query = (async (text: string, ...given: unknown[]) => {
    if (!reads.test(text)) check()
    return query(text, ...(given as [])) // its parameters, passed on as they came
  }) as typeof query // generic in its row type
  const { exec, transaction } = pglite
  pglite.exec = async (...given) => {
    check()
    return exec(...given)
  }
  pglite.transaction = async (work) => {
    check()
    return transaction(work)
  }
}

/**
 * PGlite has one connection, so a query outside its own open transaction would wait for itself forever. It throws instead:
 * inside a transaction, pass `tx` on.
 */
function refuseQueriesBesideTransaction(pglite: PGlite) {
  const inside = new AsyncLocalStorage<{ open: boolean }>()
  const transaction = pglite.transaction.bind(pglite)
  pglite.transaction = <T>(work: (tx: Transaction) => Promise<T>) =>
    transaction((tx) => {
      const current = { open: true }
      return inside.run(current, () =>
        work(tx).finally(() => {
          current.open = false
        }),
      )
    })
  const guarded =
    <Arguments extends unknown[], Result>(query: (...given: Arguments) => Promise<Result>) =>
    async (...given: Arguments) => {
      if (inside.getStore()?.open) throw new Error('A query beside its own transaction: pass tx on (on PGlite it would wait for ever).')
      return query(...given)
    }
  pglite.query = guarded(pglite.query.bind(pglite)) as typeof pglite.query // generic in its row type, which `bind` loses
  pglite.exec = guarded(pglite.exec.bind(pglite))
}
