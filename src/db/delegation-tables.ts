import { sql } from 'drizzle-orm'
import { bigint, index, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { moment } from './moment.ts'
import { requests } from './request-tables.ts'

/** Approvals that somebody handed to somebody else for a while (docs/SECURITY.md rule 42). One at a time for each person. */
export const delegations = pgTable(
  'delegations',
  {
    id: text().primaryKey(),
    team: text().notNull(),
    /** The Slack user who is away, and their Quay account at that time. */
    delegator: text().notNull(),
    delegatorName: text().notNull(),
    delegatorAccount: text().notNull(),
    delegate: text().notNull(),
    delegateName: text().notNull(),
    delegateAccount: text().notNull(),
    /** It is over then, whether or not anybody has been told. By the bot's clock. */
    endsAt: moment().notNull(),
    createdAt: moment().notNull(),
    /** When it was ended, or both were told that it is over. */
    endedAt: moment(),
  },
  (table) => [
    uniqueIndex('delegations_one').on(table.team, table.delegator).where(sql`ended_at is null`),
    index('delegations_delegate').on(table.team, table.delegate).where(sql`ended_at is null`),
    index('delegations_due').on(table.endsAt).where(sql`ended_at is null`),
    index('delegations_ended').on(table.endedAt).where(sql`ended_at is not null`),
  ],
)

/** What approvers and the requester said about a request. It decides nothing. */
export const comments = pgTable(
  'request_comments',
  {
    id: bigint({ mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
    request: text()
      .notNull()
      .references(() => requests.id),
    person: text().notNull(),
    name: text().notNull(),
    /** `approver`: a note or a question to the requester; `requester`: an answer. */
    by: text({ enum: ['approver', 'requester'] }).notNull(),
    said: text().notNull(),
    at: moment().notNull(),
  },
  (table) => [index('request_comments_request').on(table.request, table.id)],
)

/** People who wanted the same and are told how the request ends. */
export const followers = pgTable(
  'request_followers',
  {
    request: text()
      .notNull()
      .references(() => requests.id),
    person: text().notNull(),
    name: text().notNull(),
    at: moment().notNull(),
  },
  (table) => [primaryKey({ columns: [table.request, table.person] })],
)
