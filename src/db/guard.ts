import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { databaseError, type Trouble, troubleOf } from './errors.ts'

/** How the last real statements went. */
export interface Pulse {
  /** By the process's own clock (`performance.now()`): when a statement was last done, and when one last met trouble. */
  doneAt: number
  troubledAt: number
  trouble: Trouble | undefined
}

type AnyDb = PgDatabase<PgQueryResultHKT>
type Session = AnyDb['_']['session']

/**
 * The database's one edge: whatever fails behind it, in or outside of a transaction, comes out as `databaseError` has it, so
 * that nothing in the bot has to know an error of a driver. Returns the pulse, for readiness.
 */
export function guard(db: AnyDb): Pulse {
  const pulse: Pulse = { doneAt: performance.now(), troubledAt: 0, trouble: undefined }
  guardSession(db._.session, pulse)
  return pulse
}

function guardSession(session: Session, pulse: Pulse) {
  const noticed = (thrown: unknown): never => {
    const error = databaseError(thrown)
    const trouble = troubleOf(error)
    if (trouble) Object.assign(pulse, { trouble, troubledAt: performance.now() })
    throw error
  }
  const prepare = session.prepareQuery.bind(session)
  session.prepareQuery = (...given) => {
    const query = prepare(...given)
    const execute = query.execute.bind(query)
    // `async`: drizzle's own checks throw at once.
    query.execute = async (...values) => {
      const result = await execute(...values).catch(noticed)
      pulse.doneAt = performance.now()
      return result
    }
    return query
  }
  const transaction = session.transaction.bind(session)
  session.transaction = (work, config) => {
    const guarded: typeof work = (tx) => {
      // PGlite's and pg's transactions have sessions of their own.
      if (tx._.session !== session) guardSession(tx._.session, pulse)
      return work(tx)
    }
    return transaction(guarded, config).catch(noticed)
  }
}
