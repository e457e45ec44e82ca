import { sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { aDay } from '../core/durations.ts'
import type { Sentence } from '../core/i18n.ts'
import { moment } from './moment.ts'

const number = () => bigint({ mode: 'number' })

/** How long rows of events, cards and builds are kept, in milliseconds. */
export const eventsLive = 90 * aDay

/** Subscriptions of channels. One per channel and repository, or namespace as `acme/*`. */
export const subscriptions = pgTable(
  'subscriptions',
  {
    id: text().primaryKey(),
    team: text().notNull(),
    channel: text().notNull(),
    /** `acme/web` or `acme/*` */
    target: text().notNull(),
    /** The Slack person who subscribed. The subscription is active as long as they are an admin of the target. */
    owner: text().notNull(),
    timeZone: text(),
    groups: jsonb().$type<string[]>().notNull(),
    severity: text().notNull(),
    /** Globs; empty: every tag. */
    tags: jsonb().$type<string[]>().notNull(),
    only: text({ enum: ['all', 'changes'] }).notNull(),
    digest: text({ enum: ['none', 'daily', 'weekly'] }).notNull(),
    digestDueAt: moment(),
    /** The end of the last digest; the next one continues from there. */
    digestedAt: moment(),
    /** The vulnerabilities of the last digest, to tell new, fixed and open ones apart. */
    known: jsonb().$type<string[]>().notNull().default([]),
    mutedUntil: moment(),
    /** Start of the last mute window (a mute or a pause); `mutedUntil` is its end. Events inside it are never announced. */
    silentSince: moment(),
    state: text({ enum: ['active', 'paused', 'ended'] })
      .notNull()
      .default('active'),
    /** Why it is paused or ended. */
    reason: jsonb().$type<Sentence | null>(),
    /** When the owner's permission was last checked. */
    checkedAt: moment().notNull(),
    createdAt: moment().notNull(),
  },
  (table) => [
    uniqueIndex('subscriptions_of_channel').on(table.team, table.channel, table.target),
    index('subscriptions_active').on(table.target).where(sql`state = 'active'`),
    index('subscriptions_digest').on(table.digestDueAt),
    index('subscriptions_channel').on(table.channel),
    index('subscriptions_owner').on(table.team, table.owner),
    index('subscriptions_namespace').on(sql`split_part(target, '/', 1)`),
    index('subscriptions_checked').on(table.checkedAt).where(sql`state <> 'ended'`),
    index('subscriptions_ended').on(table.checkedAt).where(sql`state = 'ended'`),
  ],
)

/** Our notifications in Quay: one per repository and event, each with a URL of its own. */
export const hooks = pgTable(
  'hooks',
  {
    id: number().generatedAlwaysAsIdentity().primaryKey(),
    /** SHA-256 of the token in its URL. The token itself is not stored. */
    tokenHash: text().notNull().unique(),
    /** The repository, or for its quota the namespace. */
    object: text().notNull(),
    event: text().notNull(),
    /** Quay's id; null until Quay has returned it. */
    notification: text(),
    createdAt: moment().notNull(),
    /** The time until which it is known to have worked. */
    checkedAt: moment().notNull(),
    /** The problem that was found, until the channels are told what they missed. */
    problem: text({ enum: ['switched off', 'gone'] }),
    /** A running test, and when its event arrived. */
    testedAt: moment(),
    answeredAt: moment(),
  },
  (table) => [
    uniqueIndex('hooks_of_object').on(table.object, table.event),
    index('hooks_checked_at').on(table.checkedAt),
    // A scrape of the metrics counts these, and nearly all hooks have none.
    index('hooks_problem').on(table.problem).where(sql`problem is not null`),
    index('hooks_namespace').on(sql`split_part(object, '/', 1)`),
  ],
)

/** Events in Quay, from webhooks or polling. Kept for 90 days. */
export const events = pgTable(
  'events',
  {
    id: number().generatedAlwaysAsIdentity().primaryKey(),
    hook: number(),
    object: text().notNull(),
    kind: text().notNull(),
    source: text({ enum: ['webhook', 'poll'] }).notNull(),
    /** The idempotency key, by which a second arrival is recognized (docs/SECURITY.md rule 17). */
    key: text().notNull().unique(),
    /** The subject of its card, once known. */
    subject: text(),
    /** The body as parsed by our schema; null if it is unreadable, in which case `raw` has its beginning. */
    body: jsonb().$type<Record<string, unknown> | null>(),
    raw: text(),
    repeats: integer().notNull().default(0),
    receivedAt: moment().notNull(),
    fannedAt: moment(),
  },
  (table) => [
    index('events_to_fan_out').on(table.id).where(sql`fanned_at is null`),
    index('events_subject').on(table.subject),
    index('events_object').on(table.object, table.kind, table.receivedAt),
    index('events_hook').on(table.hook, table.receivedAt),
    index('events_received_at').on(table.receivedAt),
  ],
)

/** A message in a channel that is edited when its subject changes. It is sent again while `wanted` is greater than `drawn`. */
export const cards = pgTable(
  'cards',
  {
    /** A random marker in the message's metadata, to find it again. */
    id: text().primaryKey(),
    /** A channel, or a person for a direct message. */
    channel: text().notNull(),
    subject: text().notNull(),
    object: text(),
    subscription: text(),
    /** The card whose thread it belongs to. */
    parent: text(),
    data: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    /** Slack's timestamp of the message. */
    place: text(),
    ts: text(),
    /** `posting`: it was sent, and the outcome is unknown. */
    state: text({ enum: ['new', 'posting', 'posted', 'gone'] })
      .notNull()
      .default('new'),
    wanted: integer().notNull().default(1),
    drawn: integer().notNull().default(0),
    /** The hash of the published rendering. */
    drawing: text(),
    attempts: integer().notNull().default(0),
    /** The earliest next attempt. */
    dueAt: moment().notNull(),
    createdAt: moment().notNull(),
  },
  (table) => [
    uniqueIndex('cards_of_channel').on(table.channel, table.subject),
    index('cards_subject').on(table.subject),
    index('cards_pending').on(table.channel, table.dueAt).where(sql`wanted > drawn and state <> 'gone'`),
    index('cards_created_at').on(table.createdAt),
  ],
)

/** When the next message may go to a channel. A sender moves it forward first, so it is the lease too. */
export const channelTurns = pgTable('channel_turns', { channel: text().primaryKey(), dueAt: moment().notNull() })

/** Builds with cards: who started them from Slack, and whether they have ended. */
export const builds = pgTable(
  'builds',
  {
    repository: text().notNull(),
    build: text().notNull(),
    /** The Slack person and their name. */
    starter: text(),
    starterName: text(),
    endedAt: moment(),
    createdAt: moment().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.repository, table.build] }),
    index('builds_running').on(table.repository).where(sql`ended_at is null`),
    index('builds_created_at').on(table.createdAt),
    index('builds_starter').on(table.starter, table.createdAt).where(sql`starter is not null`),
  ],
)

/** Repositories that are polled, and when next. */
export const follows = pgTable(
  'follows',
  {
    repository: text().primaryKey(),
    dueAt: moment().notNull(),
    /** Start of the present polling: frequent at first, then less often. */
    since: moment().notNull(),
    /** When Quay was last polled. */
    readAt: moment(),
    /** No webhook can reach the bot, so builds that begin after this time are found by polling too. */
    watchedSince: moment(),
  },
  (table) => [
    index('follows_due_at').on(table.dueAt),
    index('follows_watched').on(sql`split_part(repository, '/', 1)`).where(sql`watched_since is not null`),
  ],
)

export type Subscription = typeof subscriptions.$inferSelect
