import { sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import type { Sentence } from '../core/i18n.ts'
import { moment } from './moment.ts'

export * from './delegation-tables.ts'
export * from './directory-tables.ts'
export * from './home-tables.ts'
export * from './pass-tables.ts'
export * from './policy-tables.ts'
export * from './post-tables.ts'
export * from './replica-tables.ts'
export * from './request-tables.ts'

/** The audit log: what the bot did and refused, kept forever unless the operator sets AUDIT_KEEP_DAYS. Triggers make it append-only; only the sealing job adds position and seal, once. */
export const audit = pgTable(
  'audit',
  {
    id: bigint({ mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
    at: moment().notNull(),
    reference: text().notNull(),
    phase: text().$type<Phase>().notNull(),
    team: text().notNull(),
    /** The Slack user id, and the name at that time. */
    person: text().notNull(),
    name: text().notNull(),
    account: text(),
    operation: text().notNull(),
    input: jsonb().$type<Record<string, unknown>>().notNull(),
    /** The permission that was found, in words. */
    right: text(),
    /** The rule of the policy that applied. */
    rule: text(),
    outcome: jsonb().$type<Sentence | null>(),
    /** The changing call to Quay: method and path. */
    call: text(),
    /** The approval request that it belongs to. */
    request: text(),
    position: bigint({ mode: 'number' }).unique(),
    seal: text(),
  },
  (table) => [
    index('audit_unsealed').on(table.id).where(sql`position is null`),
    index('audit_at').on(table.at),
    index('audit_person').on(table.team, table.person, table.at),
    index('audit_reference').on(table.reference),
    // Each filter of `audit list`, the newest first.
    index('audit_account').on(table.account, table.at),
    index('audit_person_at').on(table.person, table.at),
    index('audit_operation').on(table.operation, table.at),
    index('audit_phase').on(table.phase, table.at),
    index('audit_request').on(table.request, table.at).where(sql`request is not null`),
  ],
)

/** Checkpoints of the verified audit chain, from which the next verification continues. `proof` shows that its writer had SECRETS_KEY. */
export const auditCheckpoints = pgTable('audit_checkpoints', {
  position: bigint({ mode: 'number' }).primaryKey(),
  seal: text().notNull(),
  /** Number of entries so far that could not be checked with the key. */
  unknown: bigint({ mode: 'number' }).notNull(),
  proof: text().notNull(),
  at: moment().notNull(),
})

/** What stands in the place of entries that the operator’s retention has removed: one row for each range of positions, never removed. */
export const auditStubs = pgTable('audit_stubs', {
  /** The last position of the range; the next range begins after it. */
  position: bigint({ mode: 'number' }).primaryKey(),
  /** The seal of that entry, from which the chain goes on. */
  seal: text().notNull(),
  /** Number of removed entries, and of those among them that could not be checked. */
  removed: bigint({ mode: 'number' }).notNull(),
  unknown: bigint({ mode: 'number' }).notNull(),
  /** The highest number (`id`) among them. */
  lastId: bigint({ mode: 'number' }).notNull(),
  /** The times of the first and the last one. */
  from: moment().notNull(),
  through: moment().notNull(),
  proof: text().notNull(),
  at: moment().notNull(),
})

export type Phase =
  | 'started'
  | 'finished'
  | 'failed'
  | 'refused'
  | 'asked'
  | 'decided'
  | 'commented'
  | 'expired'
  | 'withdrawn'
  | 'called'
  | 'revealed'
  | 'tool'

/** Idempotency keys of changing commands, modals and buttons, by which a second arrival is recognized (docs/SECURITY.md rule 13). */
export const entries = pgTable(
  'entries',
  {
    /** Slack's event, trigger or view id, with the command. */
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
  (table) => [index('entries_created_at').on(table.createdAt), index('entries_running').on(table.createdAt).where(sql`state = 'running'`)],
)

/** The outcome: the data that `view` renders, or the sentence of a failure. */
export type Outcome = { result: unknown } | { failure: Sentence }

/** Lists with *Older* and *Newer* (docs/SECURITY.md rule 27). */
export const pages = pgTable(
  'pages',
  {
    id: text().primaryKey(),
    team: text().notNull(),
    person: text().notNull(),
    operation: text().notNull(),
    input: jsonb().$type<Record<string, unknown>>().notNull(),
    /** The endpoint of the tokens. Quay accepts a token of one log at another. */
    endpoint: text().notNull(),
    /** Quay's token of each known page; null for the first page, which needs none. */
    tokens: jsonb().$type<(string | null)[]>().notNull(),
    /** The hash of the first entries of each shown page, because an expired token returns the first page again. */
    firsts: jsonb().$type<(string | null)[]>().notNull(),
    /** The prefetched page. */
    ahead: jsonb().$type<{ index: number; result: unknown } | null>(),
    createdAt: moment().notNull(),
    usedAt: moment().notNull(),
  },
  (table) => [index('pages_used_at').on(table.usedAt)],
)

/** Sealed credentials, until they are revealed or expire. */
export const secrets = pgTable(
  'secrets',
  {
    id: text().primaryKey(),
    team: text().notNull(),
    person: text().notNull(),
    /** The description of the credential. */
    what: jsonb().$type<Sentence>().notNull(),
    keyId: text().notNull(),
    nonce: text().notNull(),
    ciphertext: text().notNull(),
    openedAt: moment(),
    createdAt: moment().notNull(),
    expiresAt: moment().notNull(),
  },
  (table) => [
    index('secrets_expires_at').on(table.expiresAt),
    index('secrets_opened_at').on(table.openedAt),
    index('secrets_person').on(table.person, table.createdAt),
  ],
)

/** The Quay account that a Slack person was first linked to by e-mail (docs/SECURITY.md rule 5). */
export const links = pgTable(
  'links',
  {
    /** Slack's team, or the enterprise of an organization-wide installation. */
    team: text().notNull(),
    slackId: text().notNull(),
    account: text().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.team, table.slackId] }), index('links_account').on(table.account)],
)

/** Command histories: what a person ran last, each command once, for `/quay` alone. */
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
  (table) => [primaryKey({ columns: [table.team, table.person, table.operation] }), index('recent_at').on(table.at)],
)

/** Interaction contexts: what a reply was about, for its buttons. */
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

// Temporary permissions and team memberships.
export { accessGrants, accessHolds } from './access-tables.ts'
// Events in Quay and their cards: drizzle-kit reads every table from this file.
export { builds, cards, channelTurns, events, follows, hooks, subscriptions } from './event-tables.ts'
