import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import type { Sentence } from '../core/i18n.ts'
import { moment } from './moment.ts'

/** `starting`: Quay may have it or not; `asking`: its giver has to say what becomes of it; `left`: somebody else changed it; `void`: it never began. */
export type GrantState = 'starting' | 'active' | 'ending' | 'asking' | 'ended' | 'kept' | 'left' | 'void'

/** What somebody gives or takes without an end while something is held for a while. `at`: milliseconds. */
export interface Lasting {
  permanent: string | null
  /** Slack's name of who does it. */
  by: string
  at: number
}

/** One account, robot or team on one repository or in one team: what it has without an end, and what was written to Quay last. */
export const accessHolds = pgTable(
  'access_holds',
  {
    id: text().primaryKey(),
    kind: text().$type<'repository' | 'team'>().notNull(),
    /** `acme/web`, or the team `acme/developers`. */
    object: text().notNull(),
    /** `carl`, `team:developers` or `acme+ci`. */
    grantee: text().notNull(),
    /** Tells the object from a later one of the same name. */
    mark: text(),
    /** The role without an end: what comes back. Null: none. */
    permanent: text(),
    /** The role that Quay was seen to have after the last change. */
    applied: text(),
    /** A change that is under way; null: none. */
    writing: jsonb().$type<{ role: string | null; lasting?: Lasting } | null>(),
    /** When the oldest of the grants that are in force began. */
    since: moment(),
    // Only the holder of the lease of the latest attempt may call Quay, by the database's clock.
    attempt: integer().notNull().default(0),
    leaseUntil: moment(),
    /** An end that could not run: how often in a row, when it is tried again, and when the operators heard of it. */
    failures: integer().notNull().default(0),
    retryAt: moment(),
    toldAt: moment(),
    createdAt: moment().notNull(),
  },
  (table) => [uniqueIndex('access_holds_key').on(table.kind, table.object, table.grantee)],
)

/** Somebody who decided on a grant. */
export interface Decided {
  /** Slack person. */
  person: string
  name: string
  account: string | null
}

/** Temporary grants, one row each. Several on one hold are a set: the highest role of those in force counts. */
export const accessGrants = pgTable(
  'access_grants',
  {
    id: text().primaryKey(),
    hold: text()
      .notNull()
      .references(() => accessHolds.id),
    /** Of the command or request that gave it: the same one gives it once. */
    reference: text().notNull(),
    request: text(),
    /** Slack's team. */
    team: text().notNull(),
    /** Who gave it: the person of the command, or the approvers of the request. */
    decided: jsonb().$type<Decided[]>().notNull(),
    /** The Slack person who asked for it or typed it. */
    asker: text().notNull(),
    reason: text(),
    role: text().notNull(),
    state: text().$type<GrantState>().notNull().default('starting'),
    startedAt: moment().notNull(),
    endsAt: moment().notNull(),
    /** Somebody said *End now*, or that it ends although nobody can tell who changed it: no look into the usage logs. */
    confirmed: boolean().notNull().default(false),
    warned: boolean().notNull().default(false),
    endedAt: moment(),
    /** How it ended. */
    outcome: jsonb().$type<Sentence | null>(),
    /** Taken by break-glass: a review waits until `reviewedAt`, in this channel. */
    breakGlass: boolean().notNull().default(false),
    channel: text(),
    /** The account that took it, until it is reviewed: nobody has two. */
    unreviewed: text(),
    verdict: text({ enum: ['fine', 'not-fine'] }),
    reviewer: text(),
    reviewedAt: moment(),
    remindedAt: moment(),
  },
  (table) => [
    uniqueIndex('access_grants_once').on(table.hold, table.reference),
    index('access_grants_request').on(table.request),
    index('access_grants_open').on(table.endsAt).where(sql`state in ('starting', 'active', 'ending', 'asking')`),
    index('access_grants_review').on(table.startedAt).where(sql`break_glass and reviewed_at is null`),
    uniqueIndex('access_grants_unreviewed').on(table.unreviewed),
  ],
)
