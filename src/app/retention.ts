import { and, inArray, lt, type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Bot } from '../context.ts'
import type { Config } from '../core/config.ts'
import { aDay, anHour } from '../core/durations.ts'
import { attemptRow } from '../core/each-row.ts'
import { deleteInBatches } from '../db/delete-in-batches.ts'
import { eventsLive } from '../db/event-tables.ts'
import {
  accessGrants,
  approverNotices,
  backgroundCalls,
  builds,
  cards,
  comments,
  delegations,
  entries,
  events,
  followers,
  homes,
  leases,
  pages,
  posts,
  recent,
  replies,
  requests,
  subscriptions,
  votes,
} from '../db/schema.ts'
import { removeOldAudit } from '../security/audit-stubs.ts'
import { deleteExpired } from '../security/secrets.ts'

type Cleaned = Pick<Bot, 'db' | 'clock' | 'log' | 'keys'> & { config?: Pick<Config, 'AUDIT_KEEP_DAYS'> }

const requestsLive = 365 * aDay
const requestsAtOnce = 500

/**
 * The `clean-up` job: deletes expired rows of each table, in batches. Entries of the audit log are deleted
 * only if the operator says so, and the links of people to their accounts never by age.
 */
export async function applyRetention(bot: Cleaned) {
  const ago = (milliseconds: number) => new Date(bot.clock() - milliseconds)
  const rows = (table: PgTable, condition: SQL | undefined) => () => deleteInBatches(bot.db, table, condition)
  const deletions: Record<string, () => Promise<unknown>> = {
    secrets: () => deleteExpired(bot),
    pages: rows(pages, lt(pages.usedAt, ago(anHour))),
    replies: rows(replies, lt(replies.createdAt, ago(aDay))),
    // Slack repeats an event for at most an hour, and a modal may stay open for a day.
    entries: rows(entries, lt(entries.createdAt, ago(2 * aDay))),
    // Longer than the lifetime of the buttons that would post it again.
    posts: rows(posts, lt(posts.createdAt, ago(2 * aDay))),
    recent: rows(recent, lt(recent.at, ago(90 * aDay))),
    homes: rows(homes, lt(homes.openedAt, ago(30 * aDay))),
    events: rows(events, lt(events.receivedAt, ago(eventsLive))),
    cards: rows(cards, lt(cards.createdAt, ago(eventsLive))),
    builds: rows(builds, lt(builds.createdAt, ago(eventsLive))),
    delegations: rows(delegations, lt(delegations.endedAt, ago(requestsLive))),
    requests: () => deleteRequests(bot, ago(requestsLive)),
    // Ended ones are not checked any more, so this is about when they ended.
    subscriptions: rows(subscriptions, and(sql`${subscriptions.state} = 'ended'`, lt(subscriptions.checkedAt, ago(eventsLive)))),
    leases: rows(leases, sql`${leases.until} < now() - interval '1 day'`),
    audit: () => removeAudit(bot),
    background: rows(backgroundCalls, lt(backgroundCalls.since, ago(aDay))),
  }
  for (const [table, deletion] of Object.entries(deletions)) await attemptRow(bot.log, { table }, deletion)
}

async function removeAudit(bot: Cleaned) {
  const days = bot.config?.AUDIT_KEEP_DAYS
  // Whole days, as they are exported.
  if (days !== undefined) await removeOldAudit(bot, new Date(Math.floor(bot.clock() / aDay) * aDay - days * aDay))
}

/** Requests that ended long ago, with their votes and notices; but not those whose access still lasts. */
async function deleteRequests({ db }: Pick<Bot, 'db'>, before: Date) {
  const lasts = sql`exists (select 1 from ${accessGrants} where ${accessGrants.request} = ${requests.id} and ${accessGrants.endedAt} is null)`
  for (;;) {
    const done = await db.transaction(async (tx) => {
      const old = await tx
        .select({ id: requests.id })
        .from(requests)
        .where(and(lt(requests.endedAt, before), sql`not ${lasts}`))
        .limit(requestsAtOnce)
      const ids = old.map(({ id }) => id)
      if (ids.length === 0) return true
      await tx.delete(votes).where(inArray(votes.request, ids))
      for (const about of [approverNotices, comments, followers]) await tx.delete(about).where(inArray(about.request, ids))
      await tx.delete(requests).where(inArray(requests.id, ids))
      return ids.length < requestsAtOnce
    })
    if (done) return
  }
}
