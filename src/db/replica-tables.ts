import { pgTable, text, timestamp } from 'drizzle-orm/pg-core'

/** The processes that share this database, and with it the budget of calls to Quay (app/replicas.ts). */
export const replicas = pgTable('replicas', {
  /** Another one at each start. */
  id: text().primaryKey(),
  /** By the database's clock. */
  seenAt: timestamp({ withTimezone: true }).notNull(),
})
