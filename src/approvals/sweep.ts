import { and, eq, isNull, lt, lte, or, sql } from 'drizzle-orm'
import { type Bot, enqueue } from '../context.ts'
import { attemptRow } from '../core/each-row.ts'
import { requests } from '../db/schema.ts'
import { audit } from '../security/audit-log.ts'
import { endDueDelegations } from './delegation/end.ts'
import { isRunnable } from './lease.ts'
import { move, type Request, requesterOf, rowOf } from './request.ts'

const atOnce = 500

/**
 * The `sweep-requests` job. Rows decide, not jobs: it handles what is due by the clock, and queues again whatever should
 * be running or published and is not, after a restart, a lost job or a crashed replica (docs/SECURITY.md rule 14).
 */
export async function sweepRequests(bot: Bot) {
  const due = await bot.db
    .select()
    .from(requests)
    .where(and(eq(requests.state, 'pending'), lte(requests.dueAt, new Date(bot.clock()))))
    .limit(atOnce)
  for (const request of due) await attemptRow(bot.log, { request: request.id }, () => takeUp(bot, request))
  await attemptRow(bot.log, { work: 'delegations' }, () => endDueDelegations(bot))
  const stalled = await bot.db.select({ id: requests.id }).from(requests).where(isRunnable(bot)).limit(atOnce)
  const undrawn = await bot.db
    .select({ id: requests.id })
    .from(requests)
    .where(
      and(
        lt(requests.drawn, requests.version),
        or(isNull(requests.drawAt), lte(requests.drawAt, new Date(bot.clock()))),
        notBeingPublished(),
      ),
    )
    .limit(atOnce)
  await bot.db.transaction(async (tx) => {
    for (const { id } of stalled) await enqueue(bot, tx, 'run-request', { id })
    for (const { id } of undrawn) await enqueue(bot, tx, 'show-request', { id })
  })
}

/** A condition of SQL: no replica draws the card at the moment. */
export function notBeingPublished() {
  return or(isNull(requests.drawingUntil), sql`${requests.drawingUntil} < now()`)
}

/** The action that is due for a pending request: its expiry, an escalation, or one reminder in place of several missed ones. */
async function takeUp(bot: Bot, request: Request) {
  if (bot.clock() >= request.expiresAt.getTime()) return expire(bot, request)
  const passed = request.rule.remind.filter((after) => request.createdAt.getTime() + after <= bot.clock()).length
  const escalates = !request.escalated && hasPassed(bot, request, request.rule.escalate?.after)
  await bot.db.transaction(async (tx) => {
    const change = { reminded: passed, escalated: request.escalated || escalates }
    const [row] = await tx
      .update(requests)
      .set({ ...change, dueAt: nextDue({ ...request, ...change }) })
      .where(and(eq(requests.id, request.id), eq(requests.state, 'pending'), eq(requests.dueAt, request.dueAt)))
      .returning({ id: requests.id })
    if (!row) return
    if (escalates) await enqueue(bot, tx, 'note-request', { id: request.id, note: 'escalated' })
    else if (passed > request.reminded)
      await enqueue(bot, tx, 'note-request', { id: request.id, note: request.reminded === 0 ? 'first-reminder' : 'reminder' })
  })
}

function hasPassed(bot: Bot, { createdAt }: Request, after: number | undefined) {
  return after !== undefined && createdAt.getTime() + after <= bot.clock()
}

/** When a pending request is to be looked at next: for a reminder, its escalation, or its end. */
export function nextDue({
  rule,
  createdAt,
  expiresAt,
  reminded,
  escalated,
}: Pick<Request, 'rule' | 'createdAt' | 'expiresAt' | 'reminded' | 'escalated'>) {
  const next = [rule.remind.toSorted((a, b) => a - b)[reminded], escalated ? undefined : rule.escalate?.after].filter(
    (after) => after !== undefined,
  )
  return new Date(Math.min(expiresAt.getTime(), ...next.map((after) => createdAt.getTime() + after)))
}

async function expire(bot: Bot, request: Request) {
  await bot.db.transaction(async (tx) => {
    const row = await move(bot, tx, request, 'expired')
    if (row) await audit(bot, tx, { ...rowOf(request), person: requesterOf(request), phase: 'expired' })
  })
}
