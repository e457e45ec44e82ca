import { index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { moment } from './moment.ts'

/** Messages that must be posted once: those posted, those possibly posted, and those pending. */
export const posts = pgTable(
  'posts',
  {
    /** Its key in our own words: `share <reply> <channel>`, `secret <id>`. One message per key. */
    key: text().primaryKey(),
    /** The channel, or the person for a direct message. */
    channel: text().notNull(),
    thread: text(),
    /** The message for the outbox; null: the caller renders it. It contains no credential. */
    message: jsonb().$type<{ text: string; blocks: object[] } | null>(),
    /** `unsure`: the answer was lost, and the bot may not read the channel. */
    state: text({ enum: ['waiting', 'posting', 'posted', 'unsure', 'refused'] }).notNull(),
    place: text(),
    ts: text(),
    attempts: integer().notNull().default(0),
    /** The next attempt; during an attempt, the time at which its process counts as dead. */
    dueAt: moment().notNull(),
    createdAt: moment().notNull(),
  },
  (table) => [index('posts_due').on(table.state, table.dueAt), index('posts_created_at').on(table.createdAt)],
)
