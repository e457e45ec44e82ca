import { sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core'
import { aDay } from '../core/durations.ts'
import type { Sentence } from '../core/i18n.ts'

// Milliseconds, as JavaScript has them: what is read back is what was written.
const moment = () => timestamp({ withTimezone: true, precision: 3 })
const number = () => bigint({ mode: 'number' })

/** How long rows of events, cards and builds are kept, in milliseconds. */
export const eventsLive = 90 * aDay

/** What a channel wants to hear of. One per channel and repository, or namespace as `acme/*`. */
export const subscriptions = pgTable(
  'subscriptions',
  {
    id: text().primaryKey(),
    team: text().notNull(),
    channel: text().notNull(),
    /** `acme/web` or `acme/*` */
    target: text().notNull(),
    /** The Slack person who subscribed: it lives as long as they may administer the target. */
    owner: text().notNull(),
    timeZone: text(),
    groups: jsonb().$type<string[]>().notNull(),
    severity: text().notNull(),
    /** Globs; empty: every tag. */
    tags: jsonb().$type<string[]>().notNull(),
    only: text({ enum: ['all', 'changes'] }).notNull(),
    digest: text({ enum: ['none', 'daily', 'weekly'] }).notNull(),
    digestDueAt: moment(),
    /** Until when the last digest has counted; the next one goes on from there. */
    digestedAt: moment(),
    /** The vulnerabilities that the last digest knew: for what is new, fixed and still open. */
    known: jsonb().$type<string[]>().notNull().default([]),
    mutedUntil: moment(),
    /** When its last silence began, muted or paused; `mutedUntil` ended it. What happened in it is never told. */
    silentSince: moment(),
    state: text({ enum: ['active', 'paused', 'ended'] })
      .notNull()
      .default('active'),
    /** Why it is paused or ended. */
    reason: jsonb().$type<Sentence | null>(),
    /** When the owner's right was last asked for. */
    checkedAt: moment().notNull(),
    createdAt: moment().notNull(),
  },
  (table) => [
    uniqueIndex('subscriptions_of_channel').on(table.team, table.channel, table.target),
    index('subscriptions_active').on(table.target).where(sql`state = 'active'`),
    index('subscriptions_digest').on(table.digestDueAt),
  ],
)

/** Quay's notifications that are ours: one for each repository and kind of event, each with an address of its own. */
export const hooks = pgTable(
  'hooks',
  {
    id: number().generatedAlwaysAsIdentity().primaryKey(),
    /** SHA-256 of the token in its address; the token itself is kept nowhere. */
    tokenHash: text().notNull().unique(),
    /** The repository, or the namespace for its quota. */
    object: text().notNull(),
    event: text().notNull(),
    /** Quay's id; null until Quay has confirmed it. */
    notification: text(),
    createdAt: moment().notNull(),
    /** Until when it is known to have worked. */
    checkedAt: moment().notNull(),
    /** What was found wrong with it, until the channels know what they missed. */
    problem: text({ enum: ['switched off', 'gone'] }),
    /** A test that is under way, and when it came back. */
    testedAt: moment(),
    answeredAt: moment(),
  },
  (table) => [uniqueIndex('hooks_of_object').on(table.object, table.event), index('hooks_checked_at').on(table.checkedAt)],
)

/** What happened in Quay, as a webhook said or a look at Quay showed. Kept for 90 days. */
export const events = pgTable(
  'events',
  {
    id: number().generatedAlwaysAsIdentity().primaryKey(),
    hook: number(),
    object: text().notNull(),
    kind: text().notNull(),
    source: text({ enum: ['webhook', 'poll'] }).notNull(),
    /** What makes it itself: its second arrival finds it here (docs/SECURITY.md rule 17). */
    key: text().notNull().unique(),
    /** What its card is about, once that is known. */
    subject: text(),
    /** What of the body our schema reads; null when it is unreadable, and then `raw` has its beginning. */
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

/** A message in a channel that is edited as its subject changes. It is sent again while `wanted` is ahead of `drawn`. */
export const cards = pgTable(
  'cards',
  {
    /** Random; stands in the message's metadata, so that it is found again. */
    id: text().primaryKey(),
    /** A channel, or a person for a direct message. */
    channel: text().notNull(),
    subject: text().notNull(),
    object: text(),
    subscription: text(),
    /** The card in whose thread it stands. */
    parent: text(),
    data: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    /** Where Slack put it. */
    place: text(),
    ts: text(),
    /** `posting`: it was sent, and nobody heard what became of it. */
    state: text({ enum: ['new', 'posting', 'posted', 'gone'] })
      .notNull()
      .default('new'),
    wanted: integer().notNull().default(1),
    drawn: integer().notNull().default(0),
    /** The hash of the drawing that stands in the channel. */
    drawing: text(),
    attempts: integer().notNull().default(0),
    /** Not before. */
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

/** When the next message may go into a channel. Who sends one has moved it on first: it is the lease, too. */
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
  ],
)

/** Repositories that are looked at by polling, and when next. */
export const follows = pgTable(
  'follows',
  {
    repository: text().primaryKey(),
    dueAt: moment().notNull(),
    /** Since when it is watched as it is now: quickly at first, then slower. */
    since: moment().notNull(),
    /** When Quay was last asked. */
    readAt: moment(),
    /** No webhook can reach the bot, so builds that begin after this are found by polling as well. */
    watchedSince: moment(),
  },
  (table) => [index('follows_due_at').on(table.dueAt)],
)

export type Subscription = typeof subscriptions.$inferSelect
