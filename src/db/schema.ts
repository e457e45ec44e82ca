import { sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import type { Sealed } from '../keys.ts'
import type { Sentence } from '../language.ts'
import type { Rule } from '../policy.ts'
import type { StepState } from '../steps.ts'

// Milliseconds, as JavaScript has them: what is read back is what was written.
const moment = () => timestamp({ withTimezone: true, precision: 3 })

/** What the bot did and refused, for ever. Triggers keep it append-only; the sealing job alone adds position and seal, once. */
export const audit = pgTable(
  'audit',
  {
    id: bigint({ mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
    at: moment().notNull(),
    reference: text().notNull(),
    phase: text().$type<Phase>().notNull(),
    team: text().notNull(),
    /** The Slack user id, and the name as it was then. */
    person: text().notNull(),
    name: text().notNull(),
    account: text(),
    operation: text().notNull(),
    input: jsonb().$type<Record<string, unknown>>().notNull(),
    /** The right that was found, in words. */
    right: text(),
    /** The rule of the policy that applied. */
    rule: text(),
    outcome: jsonb().$type<Sentence | null>(),
    /** The changing call of Quay: method and path. */
    call: text(),
    /** The request that this belongs to. */
    request: text(),
    position: bigint({ mode: 'number' }).unique(),
    seal: text(),
  },
  (table) => [
    index('audit_unsealed').on(table.id).where(sql`position is null`),
    index('audit_at').on(table.at),
    index('audit_person').on(table.team, table.person, table.at),
    index('audit_reference').on(table.reference),
  ],
)

export type Phase = 'started' | 'finished' | 'failed' | 'refused' | 'asked' | 'decided' | 'expired' | 'withdrawn' | 'called' | 'revealed'

/** A changing command, modal or button that arrived: the second arrival of the same one finds it here (security.md rule 13). */
export const entries = pgTable(
  'entries',
  {
    /** Slack's event, trigger or view id, with the operation. */
    key: text().primaryKey(),
    team: text().notNull(),
    person: text().notNull(),
    operation: text().notNull(),
    reference: text().notNull(),
    state: text({ enum: ['running', 'done'] })
      .notNull()
      .default('running'),
    outcome: jsonb().$type<Outcome>(),
    createdAt: moment().notNull(),
  },
  (table) => [index('entries_created_at').on(table.createdAt)],
)

/** How an entry ended: what `view` draws, or the sentence of its failure. */
export type Outcome = { result: unknown } | { failure: Sentence }

/** The pages behind Older and Newer (security.md rule 27). */
export const pages = pgTable(
  'pages',
  {
    id: text().primaryKey(),
    team: text().notNull(),
    person: text().notNull(),
    operation: text().notNull(),
    input: jsonb().$type<Record<string, unknown>>().notNull(),
    /** Where the tokens come from. Quay takes a token of one log at another. */
    endpoint: text().notNull(),
    /** Quay's token for each page that is known; null for the first page, which needs none. */
    tokens: jsonb().$type<(string | null)[]>().notNull(),
    /** The hash of the first entry of each page that was shown: a token that expired gives the first page again. */
    firsts: jsonb().$type<(string | null)[]>().notNull(),
    /** The page that was fetched before anybody asked for it. */
    ahead: jsonb().$type<{ index: number; result: unknown } | null>(),
    createdAt: moment().notNull(),
    usedAt: moment().notNull(),
  },
  (table) => [index('pages_used_at').on(table.usedAt)],
)

/** Sealed credentials, until they are seen or expire. */
export const secrets = pgTable(
  'secrets',
  {
    id: text().primaryKey(),
    team: text().notNull(),
    person: text().notNull(),
    /** What it is, in words. */
    what: jsonb().$type<Sentence>().notNull(),
    keyId: text().notNull(),
    nonce: text().notNull(),
    ciphertext: text().notNull(),
    openedAt: moment(),
    createdAt: moment().notNull(),
    expiresAt: moment().notNull(),
  },
  (table) => [index('secrets_expires_at').on(table.expiresAt)],
)

/** The Quay account that a Slack person was first linked to by e-mail (security.md rule 5). */
export const links = pgTable(
  'links',
  {
    /** Slack's team, or the enterprise of an organisation-wide installation. */
    team: text().notNull(),
    slackId: text().notNull(),
    account: text().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.team, table.slackId] }), index('links_account').on(table.account)],
)

/** What a person ran last, each operation once, for `/quay` alone. */
export const recent = pgTable(
  'recent',
  {
    team: text().notNull(),
    person: text().notNull(),
    operation: text().notNull(),
    /** Without credentials. */
    input: jsonb().$type<Record<string, unknown>>().notNull(),
    times: integer().notNull().default(1),
    at: moment().notNull(),
  },
  (table) => [primaryKey({ columns: [table.team, table.person, table.operation] })],
)

/** What a reply was about, for the buttons under it. */
export const replies = pgTable(
  'replies',
  {
    id: text().primaryKey(),
    team: text().notNull(),
    person: text().notNull(),
    operation: text().notNull(),
    /** Without credentials. */
    input: jsonb().$type<Record<string, unknown>>().notNull(),
    result: jsonb().$type<unknown>(),
    createdAt: moment().notNull(),
  },
  (table) => [index('replies_created_at').on(table.createdAt)],
)

export type RequestState = 'pending' | 'approved' | 'denied' | 'expired' | 'withdrawn' | 'running' | 'succeeded' | 'failed' | 'unknown'

/** Operations that wait for a decision, and what came of them (requests.ts). */
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
    /** The credentials of the input. */
    sealed: jsonb().$type<Sealed | null>(),
    reason: text(),
    /** The rule as it was: it is copied, so that a change of the policy cannot loosen what waits. */
    rule: jsonb().$type<Rule>().notNull(),
    /** What Quay had when it was drawn (`preview.read`). */
    facts: jsonb().$type<unknown>(),
    /** Hash of operation, input, rule and facts: what a press is about (security.md rule 11). */
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
  similar?: string[]
  quota?: Sentence
}

export type Found = { kind: 'found'; result: unknown } | { kind: 'nothing' } | { kind: 'unreadable' }

/** Decisions, one of each account on each request (security.md rule 11). */
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
