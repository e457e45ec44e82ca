import { sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { moment } from './moment.ts'

/** App Homes that were opened. A home is published again while `wanted` is greater than `drawn`. */
export const homes = pgTable(
  'homes',
  {
    team: text().notNull(),
    person: text().notNull(),
    /** Requests that it shows as waiting for the person. */
    waiting: jsonb().$type<string[]>().notNull().default([]),
    /** Slack's hash of the published view, and our own. */
    hash: text(),
    drawing: text(),
    wanted: integer().notNull().default(1),
    drawn: integer().notNull().default(0),
    /** The earliest next publication, and until when it is leased. */
    dueAt: moment().notNull(),
    leaseUntil: moment(),
    openedAt: moment().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.team, table.person] }),
    index('homes_opened_at').on(table.openedAt),
    index('homes_behind').on(table.dueAt).where(sql`wanted > drawn`),
    index('homes_waiting').using('gin', table.waiting),
  ],
)
