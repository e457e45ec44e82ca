import { and, eq, isNull } from 'drizzle-orm'
import { type Bot, withoutCache } from '../../context.ts'
import { anHour } from '../../core/durations.ts'
import { attemptRow } from '../../core/each-row.ts'
import { Failure } from '../../core/failure.ts'
import type { Sentence } from '../../core/i18n.ts'
import { accessGrants, accessHolds } from '../../db/schema.ts'
import { enqueueNotice } from '../../notifications/cards.ts'
import { audit } from '../../security/audit-log.ts'
import { identify, isSame } from '../../security/identity.ts'
import { checkPermission } from '../../security/permissions.ts'
import { askForReview } from './ask-for-review.ts'
import { endsNow } from './end-now.ts'
import { assertMayProlong } from './prolong.ts'
import { valuesOf } from './tell.ts'

const untilReminded = 4 * anHour

interface Reviewed {
  id: string
  verdict: 'fine' | 'not-fine'
  user: string
  reference: string
}

/**
 * *Fine* or *Not fine*, which ends it at once: by somebody else who is an admin there, asked anew, and not by a permission that is
 * temporary itself (docs/SECURITY.md rule 40). Throws `denied`, and `conflict` when it was reviewed already.
 */
export async function review(all: Bot, { id, verdict, user, reference }: Reviewed): Promise<void> {
  const bot = withoutCache(all)
  const [row] = await bot.db
    .select()
    .from(accessGrants)
    .innerJoin(accessHolds, eq(accessHolds.id, accessGrants.hold))
    .where(eq(accessGrants.id, id))
  if (!row?.access_grants.breakGlass) throw new Failure('not_found', 'This review task no longer exists.')
  const { access_grants: grant, access_holds: hold } = row
  const person = await identify(bot, user, { bypassCache: true })
  if (isSame(person, { id: grant.asker, account: hold.grantee })) throw new Failure('denied', 'Someone else must review what you took.')
  await checkPermission(bot, person, { permission: 'admin', object: hold.object }, { bypassCache: true })
  await assertMayProlong(bot, hold, [{ account: person.account ?? null }])
  const outcome: Sentence = {
    message:
      '{verdict, select, fine {Reviewed by {person}: justified.} other {Reviewed by {person}: *not justified*. The access ends now.}} {grantee} took *{role}* on {object} by break-glass.',
    values: { ...valuesOf(hold, grant), verdict, person: person.name },
  }
  const done = await bot.db.transaction(async (tx) => {
    const change = { verdict, reviewer: person.id, reviewedAt: new Date(bot.clock()), unreviewed: null }
    const is = and(eq(accessGrants.id, id), isNull(accessGrants.reviewedAt))
    const reviewed = await tx.update(accessGrants).set(change).where(is).returning({ id: accessGrants.id })
    if (reviewed.length === 0) return false
    await audit(bot, tx, { reference, phase: 'decided', person, operation: 'break-glass', input: { grant: id, verdict }, outcome })
    // Slack lets no edit take a quotation away.
    const quoted = { quote: grant.reason }
    if (grant.channel) await enqueueNotice(bot, tx, grant.channel, `access ${id} review`, outcome, undefined, quoted)
    const reminded = grant.remindedAt && grant.channel
    if (reminded) await enqueueNotice(bot, tx, reminded, `access ${id} review ${grant.remindedAt?.getTime()}`, outcome, undefined, quoted)
    await enqueueNotice(bot, tx, grant.asker, `access ${id} reviewed`, outcome)
    return true
  })
  if (!done) throw new Failure('conflict', 'Someone already reviewed this.')
  if (verdict === 'not-fine') await endsNow(bot, grant, hold)
}

/** Reviews that wait are asked for again every four hours. */
export async function remindOfReviews(bot: Bot): Promise<void> {
  const rows = await bot.db
    .select()
    .from(accessGrants)
    .innerJoin(accessHolds, eq(accessHolds.id, accessGrants.hold))
    .where(and(eq(accessGrants.breakGlass, true), isNull(accessGrants.reviewedAt)))
    .limit(100)
  const now = bot.clock()
  for (const { access_grants: grant, access_holds: hold } of rows) {
    const last = (grant.remindedAt ?? grant.startedAt).getTime()
    if (grant.state === 'void' || now - last < untilReminded) continue
    await attemptRow(bot.log, { grant: grant.id }, () =>
      bot.db.transaction(async (tx) => {
        const is = and(
          eq(accessGrants.id, grant.id),
          grant.remindedAt ? eq(accessGrants.remindedAt, grant.remindedAt) : isNull(accessGrants.remindedAt),
        )
        const mine = await tx
          .update(accessGrants)
          .set({ remindedAt: new Date(now) })
          .where(is)
          .returning({ id: accessGrants.id })
        if (mine.length > 0) await askForReview(bot, tx, hold, grant, now)
      }),
    )
  }
}
