import { Pool, type PoolClient } from 'pg'
import type { Logger } from 'pino'
import { crowded } from './crowded.ts'
import type { Hosts } from './hosts.ts'
import { processOf } from './prepare.ts'

const statementLimit = 15_000
// So many statements may wait for each connection. More would wait until they time out, and everything behind them too.
const waitingPerConnection = 20

/** How many connections are open, how many of them work, and how many statements wait for one. */
export interface PoolUse {
  open: number
  working: number
  waiting: number
}

interface PoolSettings {
  max: number
  application_name: string
  connectionTimeoutMillis: number
  /** Milliseconds that a statement may take. */
  limit?: number
}

/** Connections to PostgreSQL whose statements end within `limit` milliseconds, and that refuse a crowd at once. */
export function openPool(hosts: Omit<Hosts, 'named'>, log: Logger, { limit = statementLimit, ...settings }: PoolSettings): Pool {
  const pool = new Pool({
    ...hosts,
    ...settings,
    keepAlive: true,
    // The server ends a slow statement; if the server itself does not answer, this ends it.
    query_timeout: limit + 2_000,
    // Not a connection parameter, which a pooler such as PgBouncer refuses. Behind one a session is everybody's, so it is left as it is.
    onConnect: async (client) =>
      void (await client.query(`select set_config('statement_timeout', '${limit}', false) where pg_backend_pid() = $1`, [
        processOf(client),
      ])),
  })
  // An idle connection breaks; the next query opens another.
  pool.on('error', (error) => log.warn({ reason: error.message }, 'a database connection broke'))
  pool.on('connect', dropBroken)
  refuseCrowds(pool, settings.max)
  return pool
}

/** How many connections are open and work, and how many statements wait for one. */
export function useOf({ totalCount, idleCount, waitingCount }: Pool): PoolUse {
  return { open: totalCount, working: totalCount - idleCount, waiting: waitingCount }
}

type Connected = (error: Error | undefined, client: PoolClient | undefined, release: (broken?: unknown) => void) => void

/**
 * Refuses a statement at once if many others wait already, and names a wait in vain for what it is. Otherwise a burst of work
 * would end in time-outs that look like a database that does not answer.
 */
function refuseCrowds(pool: Pool, max: number) {
  const connect = pool.connect.bind(pool) as (callback: Connected) => void // one of its two overloads
  const connectInCrowd = (callback: Connected) => {
    if (pool.waitingCount >= max * waitingPerConnection) return process.nextTick(callback, new Error(crowded), undefined, () => undefined)
    connect((error, client, release) => {
      const isCrowd = error?.message.startsWith('timeout exceeded when trying to connect') && pool.totalCount >= max
      callback(isCrowd ? new Error(crowded) : error, client, release)
    })
  }
  // Both of its overloads.
  pool.connect = ((callback?: Connected) =>
    callback
      ? connectInCrowd(callback)
      : new Promise<PoolClient | undefined>((resolve, reject) => {
          connectInCrowd((error, client) => (error ? reject(error) : resolve(client)))
        })) as typeof pool.connect
}

/**
 * pg gives up a statement without an answer but keeps its connection, on which the next statement would wait forever, and drizzle
 * keeps a connection on which no transaction could begin, so that the pool would have one less forever. So both are dropped.
 */
function dropBroken(client: PoolClient) {
  // A connection in use breaks; its statement reports the error.
  client.on('error', () => undefined)
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } } // missing in its types, but pg itself ends it
  const look = (error: unknown, statement: unknown) => {
    if (!(error instanceof Error)) return
    if (error.message === 'Query read timeout') connection.stream.destroy()
    if (isBegin(statement)) client.release(error)
  }
  const query = client.query.bind(client) as (...given: unknown[]) => unknown // one of its many overloads
  // One of its many overloads.
  client.query = ((...given: unknown[]) => {
    const callback = given.at(-1)
    if (typeof callback === 'function') {
      const looked = (error: unknown, result: unknown) => {
        look(error, given[0])
        callback(error, result)
      }
      return query(...given.slice(0, -1), looked)
    }
    const answer = query(...given)
    if (answer instanceof Promise) answer.catch((error) => look(error, given[0]))
    return answer
  }) as typeof client.query
}

/** drizzle gives an object with the text. */
function isBegin(statement: unknown) {
  return typeof statement === 'object' && statement !== null && 'text' in statement && /^begin\b/.test(String(statement.text))
}
