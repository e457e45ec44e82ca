import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { databaseError, troubleOf } from './errors.ts'

/** When a real statement was last done, and when one last met trouble, by `performance.now()`. */
export interface Pulse {
  doneAt: number
  troubledAt: number
}

type AnyDb = PgDatabase<PgQueryResultHKT>
type Session = AnyDb['_']['session']

/**
 * The database's one edge: whatever fails behind it, in or outside of a transaction, comes out as `databaseError` has it, so
 * that nothing in the bot has to know an error of a driver. Returns the pulse, for readiness.
 */
export function guard(db: AnyDb): Pulse {
  const pulse: Pulse = { doneAt: performance.now(), troubledAt: 0 }
  guardSession(db._.session, pulse)
  return pulse
}

function guardSession(session: Session, pulse: Pulse) {
  const noticed = (thrown: unknown): never => {
    const error = databaseError(thrown)
    if (troubleOf(error)) pulse.troubledAt = performance.now()
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
