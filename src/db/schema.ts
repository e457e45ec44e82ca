import { sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import type { Sentence } from '../core/i18n.ts'
import { moment } from './moment.ts'

export * from './home-tables.ts'
export * from './post-tables.ts'
export * from './request-tables.ts'

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

/** How far the audit's chain was verified: the next verification goes on from there. `proof`: whoever wrote it had SECRETS_KEY. */
export const auditCheckpoints = pgTable('audit_checkpoints', {
  position: bigint({ mode: 'number' }).primaryKey(),
  seal: text().notNull(),
  /** How many of the rows up to here could not be checked with the key. */
  unknown: bigint({ mode: 'number' }).notNull(),
  proof: text().notNull(),
  at: moment().notNull(),
})

export type Phase = 'started' | 'finished' | 'failed' | 'refused' | 'asked' | 'decided' | 'expired' | 'withdrawn' | 'called' | 'revealed'

/** A changing command, modal or button that arrived: the second arrival of the same one finds it here (docs/SECURITY.md rule 13). */
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

/** The pages behind Older and Newer (docs/SECURITY.md rule 27). */
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

/** The Quay account that a Slack person was first linked to by e-mail (docs/SECURITY.md rule 5). */
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

// What happens in Quay and the cards about it: drizzle-kit reads every table from here.
export { builds, cards, channelTurns, events, follows, hooks, subscriptions } from './event-tables.ts'
