import { type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Db } from './database.ts'

const atOnce = 1_000

/** Deletes the rows of a table for which a condition holds, a thousand per statement, so that no statement locks many rows or takes long. */
export async function deleteInBatches(db: Db, table: PgTable, condition: SQL | undefined): Promise<void> {
  if (!condition) throw new TypeError('without a condition every row would be deleted')
  for (;;) {
    const { rows } = await db.execute(
      sql`delete from ${table} where ctid = any(array(select ctid from ${table} where ${condition} limit ${atOnce})) returning 1`,
    )
    if (rows.length < atOnce) return
  }
}
