import { and, asc, eq, inArray, isNull, lte, min, or, sql } from 'drizzle-orm'
import PQueue from 'p-queue'
import type { Bot } from '../../context.ts'
import { aMinute, anHour } from '../../core/durations.ts'
import { attemptRow } from '../../core/each-row.ts'
import { wakeIn } from '../../core/timers.ts'
import { accessGrants, accessHolds } from '../../db/schema.ts'
import { enqueueNotice } from '../../notifications/cards.ts'
import { superusers } from '../../security/contacts.ts'
import { isFree } from '../lease.ts'
import { remindOfReviews } from './review.ts'
import { settleHold } from './settle.ts'
import { hearersOf, tellWarning, warningBefore } from './tell.ts'

const atOnce = 500
const together = 8

/**
 * The `end-access` job: warns, and ends what is due. Rows decide, not jobs: whatever is due and held by nobody is taken up, after a
 * restart or a crash too, and tried again for as long as Quay does not answer (docs/SECURITY.md rules 14 and 41).
 */
export async function endAccess(bot: Bot): Promise<void> {
  await warnOfEnds(bot)
  const now = new Date(bot.clock())
  const isDue = or(
    and(eq(accessGrants.state, 'active'), lte(accessGrants.endsAt, now)),
    eq(accessGrants.state, 'ending'),
    sql`(${accessHolds.writing} -> 'lasting') is not null`,
    and(eq(accessGrants.state, 'starting'), lte(accessGrants.startedAt, new Date(bot.clock() - aMinute / 2))),
  )
  const mayTry = and(isFree(accessHolds), or(isNull(accessHolds.retryAt), lte(accessHolds.retryAt, now)))
  const due = await bot.db
    .selectDistinct({ id: accessHolds.id })
    .from(accessHolds)
    .innerJoin(accessGrants, eq(accessGrants.hold, accessHolds.id))
    .where(and(isDue, mayTry))
    .limit(atOnce)
  const queue = new PQueue({ concurrency: together })
  const settle = ({ id }: { id: string }) => attemptRow(bot.log, { hold: id }, () => settleHold(bot, id))
  await queue.addAll(due.map((hold) => () => settle(hold)))
  await remindOfReviews(bot)
  await tellOperators(bot)
  await wakeForNext(bot)
}

/** The next end in this process, to the second; the periodic job is for what is missed. */
async function wakeForNext(bot: Bot) {
  const [next] = await bot.db
    .select({ at: min(accessGrants.endsAt) })
    .from(accessGrants)
    .where(eq(accessGrants.state, 'active'))
  const [retry] = await bot.db.select({ at: min(accessHolds.retryAt) }).from(accessHolds)
  const times = [next?.at, retry?.at].flatMap((at) => (at ? [at.getTime() - bot.clock()] : []))
  if (times.length > 0) wakeIn(bot, 'end-access', Math.min(Math.max(Math.min(...times), 500), 15_000), () => endAccess(bot))
}

async function warnOfEnds(bot: Bot) {
  const rows = await bot.db
    .select()
    .from(accessGrants)
    .innerJoin(accessHolds, eq(accessHolds.id, accessGrants.hold))
    .where(and(eq(accessGrants.state, 'active'), eq(accessGrants.warned, false), lte(accessGrants.endsAt, new Date(bot.clock() + anHour))))
    .orderBy(asc(accessGrants.endsAt))
    .limit(atOnce)
  for (const { access_grants: grant, access_holds: hold } of rows) {
    const before = grant.endsAt.getTime() - bot.clock()
    // Something that short is its own warning.
    const isWorth = grant.endsAt.getTime() - grant.startedAt.getTime() > warningBefore(grant)
    if (before <= 0 || before > warningBefore(grant) || !isWorth) continue
    await attemptRow(bot.log, { grant: grant.id }, async () => {
      const people = await hearersOf(bot, hold, grant)
      await bot.db.transaction(async (tx) => {
        const isStill = and(eq(accessGrants.id, grant.id), eq(accessGrants.warned, false), eq(accessGrants.state, 'active'))
        const warned = await tx.update(accessGrants).set({ warned: true }).where(isStill).returning({ id: accessGrants.id })
        if (warned.length > 0) await tellWarning(bot, tx, people, hold, grant)
      })
    })
  }
}

const untilTold = 5

/** An end that cannot run is told to the operators, and again every hour, until it ran. */
async function tellOperators(bot: Bot) {
  const late = new Date(bot.clock() - untilTold * aMinute)
  const rows = await bot.db
    .select()
    .from(accessGrants)
    .innerJoin(accessHolds, eq(accessHolds.id, accessGrants.hold))
    .where(and(inArray(accessGrants.state, ['active', 'ending']), lte(accessGrants.endsAt, late)))
    .limit(atOnce)
  const isToTell = ({ access_holds: { toldAt } }: (typeof rows)[number]) => !toldAt || toldAt.getTime() <= bot.clock() - anHour
  const waiting = rows.filter(isToTell)
  if (rows.length > 0) bot.log.error({ waiting: rows.length }, 'temporary permissions are over and could not be ended yet')
  if (waiting.length === 0) return
  const [first] = waiting
  if (!first) return
  const sentence = {
    message:
      '{count, plural, one {# temporary permission} other {# temporary permissions}} could not be ended yet: {grantee} on {object}. Quay does not confirm it; Quaymaster retries until it does.',
    values: { count: rows.length, grantee: first.access_holds.grantee, object: first.access_holds.object },
  }
  const people = [...new Set([...superusers(bot), ...first.access_grants.decided.map(({ person }) => person)])]
  await bot.db.transaction(async (tx) => {
    for (const { access_holds: hold } of waiting)
      await tx
        .update(accessHolds)
        .set({ toldAt: new Date(bot.clock()) })
        .where(eq(accessHolds.id, hold.id))
    for (const person of people) await enqueueNotice(bot, tx, person, `access late ${first.access_grants.id} ${bot.clock()}`, sentence)
  })
}
