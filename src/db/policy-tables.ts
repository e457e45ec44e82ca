import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import { moment } from './moment.ts'

/** The policies that were in force, the newest last. All replicas follow the newest (app/policy-in-force.ts). */
export const policies = pgTable('policies', {
  id: integer().generatedAlwaysAsIdentity().primaryKey(),
  /** SHA-256 of the text, in hexadecimal. */
  hash: text().notNull(),
  text: text().notNull(),
  at: moment().notNull(),
})
