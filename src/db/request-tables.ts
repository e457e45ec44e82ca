import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { Sentence } from '../core/i18n.ts'
import type { Sealed } from '../core/keys.ts'
import type { Rule } from '../core/policy.ts'
import type { StepState } from '../core/step-state.ts'
import { moment } from './moment.ts'

export type RequestState = 'pending' | 'approved' | 'denied' | 'expired' | 'withdrawn' | 'running' | 'succeeded' | 'failed' | 'unknown'

/** Approval requests and their outcomes (src/approvals/). */
export const requests = pgTable(
  'requests',
  {
    id: text().primaryKey(),
    team: text().notNull(),
    /** The requester: the Slack user id, the name and the Quay account at that time. */
    requester: text().notNull(),
    name: text().notNull(),
    account: text(),
    operation: text().notNull(),
    /** The parsed input without credentials. It is never edited. */
    input: jsonb().$type<Record<string, unknown>>().notNull(),
    /** The credentials of the input, until the request ends. */
    sealed: jsonb().$type<Sealed | null>(),
    reason: text(),
    /** A snapshot of the rule, so that a change of the policy cannot loosen an open request. */
    rule: jsonb().$type<Rule>().notNull(),
    /** The facts at the time of rendering (`preview.read`). */
    facts: jsonb().$type<unknown>(),
    /** Hash of command, input, rule and facts: what a vote refers to (docs/SECURITY.md rule 11). */
    revision: text().notNull(),
    /** Additional context of the card, only if every approver may know it. */
    about: jsonb().$type<About>().notNull(),
    state: text().$type<RequestState>().notNull().default('pending'),
    /** A note that the rendering shows besides the state. */
    note: jsonb().$type<Sentence | null>(),
    reference: text().notNull(),
    // State running: only the lease holder of the latest attempt may call Quay. By the database's clock, which all replicas share.
    attempt: integer().notNull().default(0),
    leaseUntil: moment(),
    /** The mode of the next attempt. */
    mode: text().$type<'first' | 'later' | 'steps'>().notNull().default('first'),
    retryAt: moment(),
    result: jsonb().$type<unknown>(),
    steps: jsonb().$type<StepState[] | null>(),
    failure: jsonb().$type<Sentence | null>(),
    /** State unknown: what was found in Quay afterwards. */
    found: jsonb().$type<Found | null>(),
    /** A sealed credential for the requester. */
    secret: jsonb().$type<{ id: string; what: Sentence; person: string } | null>(),
    // Publication: `version` counts changes of the row, `drawn` is the version that Slack shows.
    version: integer().notNull().default(1),
    drawn: integer().notNull().default(0),
    drawingUntil: moment(),
    drawAt: moment(),
    posting: boolean().notNull().default(false),
    cardTs: text(),
    cardProblem: text(),
    noticeChannel: text(),
    noticeTs: text(),
    // Times by the bot's clock.
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
    index('requests_open').on(table.team, table.createdAt).where(sql`state in ('pending', 'approved', 'running', 'unknown')`),
    index('requests_reference').on(table.reference),
    index('requests_ended').on(table.endedAt).where(sql`ended_at is not null`),
    index('requests_undrawn').on(table.drawAt).where(sql`drawn < version`),
  ],
)

/** What a card shows besides the request itself. */
export interface About {
  /** Why the requester needs approval; null if they have the permission. */
  right: Sentence | null
  /** Names of the approvers that are people or groups, because a card mentions nobody. */
  names?: Record<string, string>
  similar?: string[]
  /**
   * Quay accounts of the admins of its namespaces when it was made, where the rule lets those decide: for lists, as a decision
   * looks again. Absent in rows of older releases, and where Quay did not answer.
   */
  admins?: string[]
  /** What the requester had on the objects of the command. */
  held?: Held[]
  earlier?: Earlier
  /** How many others have the same, only if every approver may know it. */
  peers?: Peers
  /** Open requests of other people for the same, whom the requester was shown. */
  same?: string[]
  /** Quota and usage of the namespace, in bytes. */
  quota?: { namespace: string; limit: number; used: number }
}

export interface Held {
  object: string
  permission: 'none' | 'read' | 'write' | 'admin' | 'member' | 'create'
}

/** The requester's requests of the last 90 days, and how many of them were approved and done, or denied. */
export interface Earlier {
  all: number
  done: number
  denied: number
}

export type Peers =
  | { kind: 'creators'; namespace: string; users: number }
  | { kind: 'role'; object: string; role: 'read' | 'write' | 'admin'; users: number; teams: number; robots: number }

export type Found = { kind: 'found'; result: unknown } | { kind: 'nothing' } | { kind: 'unreadable' }

/** The people who were told of a request because they can decide it, each with their own copy of the card. */
export const approverNotices = pgTable(
  'approver_notices',
  {
    request: text()
      .notNull()
      .references(() => requests.id),
    person: text().notNull(),
    /** `mention`: on the card instead of by direct message. */
    how: text({ enum: ['direct', 'mention'] }).notNull(),
    channel: text(),
    ts: text(),
    /** Written before the first post, so that after a crash the message is looked for first. */
    posting: boolean().notNull().default(false),
    /** Why it came to this person. */
    why: jsonb().$type<Sentence | null>(),
    /** Slack takes no direct message for this person. */
    closed: boolean().notNull().default(false),
  },
  (table) => [primaryKey({ columns: [table.request, table.person] }), index('approver_notices_person').on(table.person)],
)

/** An approver who is away, as others name them. */
export interface Behalf {
  id: string
  /** The same in the whole Enterprise Grid. */
  one: string
  account: string
  name: string
}

/** Votes, one per account and request (docs/SECURITY.md rule 11). */
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
    /** Whether their own permissions in Quay cover the command. */
    entitled: boolean().notNull(),
    reason: text(),
    /** The approver who handed their approvals to this person, and for whom the vote was given (docs/SECURITY.md rule 42). */
    behalf: jsonb().$type<Behalf | null>(),
    at: moment().notNull(),
  },
  (table) => [primaryKey({ columns: [table.request, table.account] })],
)
