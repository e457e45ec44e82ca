import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { databaseError, troubleOf } from './errors.ts'

/** When a real statement last succeeded and last failed, by `performance.now()`. */
export interface Pulse {
  doneAt: number
  troubledAt: number
}

type AnyDb = PgDatabase<PgQueryResultHKT>
type Session = AnyDb['_']['session']

/**
 * Wraps the database so that every error, inside or outside a transaction, passes through `databaseError`, and no other code
 * has to know a driver's errors. Returns the pulse for readiness.
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
    // `async`, because drizzle's own checks throw synchronously.
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
      // Transactions of PGlite and pg have sessions of their own.
      if (tx._.session !== session) guardSession(tx._.session, pulse)
      return work(tx)
    }
    return transaction(guarded, config).catch(noticed)
  }
}
