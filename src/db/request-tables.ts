import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { Sentence } from '../core/i18n.ts'
import type { Sealed } from '../core/keys.ts'
import type { Rule } from '../core/policy.ts'
import type { StepState } from '../core/step-state.ts'
import { moment } from './moment.ts'

export type RequestState = 'pending' | 'approved' | 'denied' | 'expired' | 'withdrawn' | 'running' | 'succeeded' | 'failed' | 'unknown'

/** Operations that wait for a decision, and what came of them (src/approvals/). */
export const requests = pgTable(
  'requests',
  {
    id: text().primaryKey(),
    team: text().notNull(),
    /** Who asks: the Slack user id, the name and the Quay account as they were then. */
    requester: text().notNull(),
    name: text().notNull(),
    account: text(),
    operation: text().notNull(),
    /** As parsed once, without credentials. Nobody edits it. */
    input: jsonb().$type<Record<string, unknown>>().notNull(),
    /** The credentials of the input, until it is over. */
    sealed: jsonb().$type<Sealed | null>(),
    reason: text(),
    /** The rule as it was: it is copied, so that a change of the policy cannot loosen what waits. */
    rule: jsonb().$type<Rule>().notNull(),
    /** What Quay had when it was drawn (`preview.read`). */
    facts: jsonb().$type<unknown>(),
    /** Hash of operation, input, rule and facts: what a press is about (docs/SECURITY.md rule 11). */
    revision: text().notNull(),
    /** What else the card shows, each only where every approver may know it. */
    about: jsonb().$type<About>().notNull(),
    state: text().$type<RequestState>().notNull().default('pending'),
    /** Something that the drawing has to say beside the state. */
    note: jsonb().$type<Sentence | null>(),
    reference: text().notNull(),
    // Running: only who holds the lease of the latest attempt may call Quay. By the database's clock, which all replicas share.
    attempt: integer().notNull().default(0),
    leaseUntil: moment(),
    /** How the next attempt goes about it. */
    mode: text().$type<'first' | 'later' | 'steps'>().notNull().default('first'),
    retryAt: moment(),
    result: jsonb().$type<unknown>(),
    steps: jsonb().$type<StepState[] | null>(),
    failure: jsonb().$type<Sentence | null>(),
    /** Unknown: what was found in Quay afterwards. */
    found: jsonb().$type<Found | null>(),
    /** A credential that waits for the requester. */
    secret: jsonb().$type<{ id: string; what: Sentence; person: string } | null>(),
    // What is drawn: `version` counts changes of the row, `drawn` is the one that Slack shows.
    version: integer().notNull().default(1),
    drawn: integer().notNull().default(0),
    drawingUntil: moment(),
    drawAt: moment(),
    posting: boolean().notNull().default(false),
    cardTs: text(),
    cardProblem: text(),
    noticeChannel: text(),
    noticeTs: text(),
    // Time, by the bot's clock.
    reminded: integer().notNull().default(0),
    escalated: boolean().notNull().default(false),
    dueAt: moment().notNull(),
    createdAt: moment().notNull(),
    decidedAt: moment(),
    expiresAt: moment().notNull(),
    endedAt: moment(),
  },
  (table) => [
    index('requests_requester').on(table.team, table.requester, table.createdAt),
    index('requests_due').on(table.dueAt).where(sql`state = 'pending'`),
    index('requests_active').on(table.state).where(sql`state in ('approved', 'running')`),
    index('requests_undrawn').on(table.drawAt).where(sql`drawn < version`),
  ],
)

/** What a card shows beside the request itself. */
export interface About {
  /** The right that the requester has now. */
  right: Sentence | null
  /** Names of the approvers that are people or groups: a card mentions nobody. */
  names?: Record<string, string>
  similar?: string[]
  /** Bytes: what the namespace may store, and what it does. */
  quota?: { namespace: string; limit: number; used: number }
}

export type Found = { kind: 'found'; result: unknown } | { kind: 'nothing' } | { kind: 'unreadable' }

/** Decisions, one of each account on each request (docs/SECURITY.md rule 11). */
export const votes = pgTable(
  'votes',
  {
    request: text()
      .notNull()
      .references(() => requests.id),
    account: text().notNull(),
    person: text().notNull(),
    name: text().notNull(),
    decision: text({ enum: ['approved', 'denied'] }).notNull(),
    /** Whether their own right in Quay covers the operation. */
    entitled: boolean().notNull(),
    reason: text(),
    at: moment().notNull(),
  },
  (table) => [primaryKey({ columns: [table.request, table.account] })],
)
