import { index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { moment } from './moment.ts'

/** Messages that must stand in Slack once: what was posted, what may have been, and what is still to be posted. */
export const posts = pgTable(
  'posts',
  {
    /** What it is, in our own words: `share <reply> <channel>`, `secret <id>`. One message for each. */
    key: text().primaryKey(),
    /** The channel, or the person whose direct message it is. */
    channel: text().notNull(),
    thread: text(),
    /** What the outbox posts; null: whoever asked for it draws it. It holds no credential. */
    message: jsonb().$type<{ text: string; blocks: object[] } | null>(),
    /** `unsure`: its answer was lost, and nobody can look. */
    state: text({ enum: ['waiting', 'posting', 'posted', 'unsure', 'refused'] }).notNull(),
    place: text(),
    ts: text(),
    attempts: integer().notNull().default(0),
    /** When it is tried next; while it is being posted, when whoever does it counts as dead. */
    dueAt: moment().notNull(),
    createdAt: moment().notNull(),
  },
  (table) => [index('posts_due').on(table.state, table.dueAt), index('posts_created_at').on(table.createdAt)],
)
