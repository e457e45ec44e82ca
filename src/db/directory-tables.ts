import { boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { FailureCode } from '../core/failure.ts'
import type { Sentence } from '../core/i18n.ts'
import { moment } from './moment.ts'

// The directory: what the registry has, as a job read it minutes ago, shared by all replicas. It is for finding things and never
// for a permission. `pass` is the number of the pass that saw a row last; what a whole pass did not see is deleted.

/** What is read, a row each: `users`, `organizations`, and every organization as `acme/*`. */
export const directoryLists = pgTable(
  'directory_lists',
  {
    list: text().primaryKey(),
    /** The number of the pass under way, or of the last one. */
    pass: integer().notNull().default(0),
    /** Quay's token of the next page of the pass under way, where a killed pass goes on; never shown. */
    next: text(),
    /** The first entry of the pass, because a token that Quay no longer takes leads back to the first page. */
    first: text(),
    /** Pages read in the pass under way, and in the last whole one. */
    pages: integer().notNull().default(0),
    knownPages: integer(),
    /** Null: no pass is under way. */
    startedAt: moment(),
    /** When the last whole pass began and ended. */
    asOf: moment(),
    finishedAt: moment(),
    /** The SECRETS_KEY of the hashed addresses. */
    keyId: text(),
    dueAt: moment().notNull(),
    /** Somebody waits for it. */
    urgent: boolean().notNull().default(false),
    /** Who reads it, and until when by the database’s clock. */
    holder: text(),
    leaseUntil: moment(),
    /** Why the last attempt failed. */
    problem: jsonb().$type<(Sentence & { code: FailureCode }) | null>(),
  },
  (table) => [index('directory_lists_due_at').on(table.dueAt)],
)

/** The accounts of people. */
export const directoryUsers = pgTable(
  'directory_users',
  {
    name: text().primaryKey(),
    /** A keyed hash of the e-mail address. Null: it has none that could link anybody. */
    address: text(),
    enabled: boolean().notNull(),
    pass: integer().notNull(),
    seenAt: moment().notNull(),
  },
  (table) => [index('directory_users_address').on(table.address)],
)

export const directoryOrganizations = pgTable('directory_organizations', {
  name: text().primaryKey(),
  /** The names of its teams. */
  teams: jsonb().$type<string[]>().notNull().default([]),
  pass: integer().notNull(),
  seenAt: moment().notNull(),
})

/** Who is in an organization, for what somebody is offered while typing; what they may do Quay is asked. */
export const directoryMembers = pgTable(
  'directory_members',
  {
    organization: text().notNull(),
    account: text().notNull(),
    /** The highest role of any of their teams. */
    role: text({ enum: ['member', 'creator', 'admin'] }).notNull(),
    /** Repositories with a direct permission, as `acme/web`. */
    repositories: jsonb().$type<string[]>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.organization, table.account] }), index('directory_members_account').on(table.account)],
)

export const directoryRepositories = pgTable(
  'directory_repositories',
  {
    /** `acme/web` */
    name: text().primaryKey(),
    namespace: text().notNull(),
    isPublic: boolean().notNull(),
    pass: integer().notNull(),
    seenAt: moment().notNull(),
  },
  (table) => [index('directory_repositories_namespace').on(table.namespace)],
)
