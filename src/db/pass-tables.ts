import { doublePrecision, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { moment } from './moment.ts'

/** Work that one process at a time does, by name, and until when by the database's clock. It is extended while the work runs. */
export const leases = pgTable('leases', {
  name: text().primaryKey(),
  holder: text().notNull(),
  until: moment().notNull(),
})

/** What the usage log of a namespace counted, by day and kind (`2026-11-23 push_repo`). `at`: when, in milliseconds since 1970. */
export interface Counted {
  at: number
  counts: Record<string, number>
}

/** The passes over namespaces with subscriptions: one per namespace, whatever the number of its subscriptions and replicas. */
export const namespacePasses = pgTable(
  'namespace_passes',
  {
    namespace: text().primaryKey(),
    dueAt: moment().notNull(),
    /** Counts what has changed: a change during a pass makes the next one due at once. */
    changes: integer().notNull().default(0),
    /** When the pass under way began; null: none is. It stays after a crash, and the next process goes on. */
    startedAt: moment(),
    /** When the last whole pass ended. */
    finishedAt: moment(),
    /** Calls that the last list of the namespace needed, or to look at its objects one by one; without those that mended something. */
    calls: integer().notNull().default(0),
    /** Repositories in the last list of the namespace; 0: it was never listed. */
    repositories: integer().notNull().default(0),
    /** Objects with notifications of ours. */
    objects: integer().notNull().default(0),
    /** Living subscriptions. */
    subscriptions: integer().notNull().default(0),
    /** When its repositories were last listed. */
    listedAt: moment(),
    /** Null: it is looked at without the log, because Quay does not show that, or objects are asked for one by one. */
    counted: jsonb().$type<Counted | null>(),
  },
  (table) => [index('namespace_passes_due_at').on(table.dueAt)],
)

/** The calls that background work may make at this moment, shared by all replicas: refilled by the clock, up to a limit. */
export const backgroundShare = pgTable('background_share', {
  name: text().primaryKey(),
  calls: doublePrecision().notNull(),
  at: moment().notNull(),
})

/** Calls of background work in each ten minutes. */
export const backgroundCalls = pgTable('background_calls', {
  since: moment().primaryKey(),
  calls: integer().notNull(),
})
