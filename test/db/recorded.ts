import type { Db } from '../../src/db/database.ts'

export interface Statement {
  sql: string
  params: unknown[]
}

type Session = Db['_']['session']

/** Records every statement that drizzle sends from now on, inside transactions too. */
export function recordStatements(db: Db): Statement[] {
  const statements: Statement[] = []
  record(db._.session, statements)
  return statements
}

function record(session: Session, statements: Statement[]) {
  const prepare = session.prepareQuery.bind(session)
  session.prepareQuery = (...given) => {
    statements.push({ sql: given[0].sql, params: given[0].params })
    return prepare(...given)
  }
  const transaction = session.transaction.bind(session)
  session.transaction = (work, config) =>
    transaction((tx) => {
      if (tx._.session !== session) record(tx._.session, statements)
      return work(tx)
    }, config)
}
