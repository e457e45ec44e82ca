import { and, eq, inArray, isNull, lte } from 'drizzle-orm'
import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import { newReference } from '../../core/reference.ts'
import { delegations } from '../../db/schema.ts'
import { audit } from '../../security/audit-log.ts'
import type { Person } from '../../security/identity.ts'
import { type Delegation, isInForce } from './delegations.ts'
import { tellEnded } from './tell.ts'

/** Ends what the person handed over, and tells the other. Throws `not_found`. */
export async function endDelegation(bot: Bot, { id, one = id, team }: Person, { dry }: { dry: boolean }): Promise<Delegation> {
  const mine = and(eq(delegations.team, team), inArray(delegations.delegator, [id, one]), isInForce(bot))
  const ended = await bot.db.transaction(async (tx) => {
    if (dry) return (await tx.select().from(delegations).where(mine))[0]
    const [row] = await tx
      .update(delegations)
      .set({ endedAt: new Date(bot.clock()) })
      .where(mine)
      .returning()
    if (row) await tellEnded(bot, tx, row, [row.delegate])
    return row
  })
  return ended ?? Promise.reject(new Failure('not_found', 'You have not delegated your approvals.'))
}

/** Tells both sides of each delegation whose time is over, and writes it into the audit log. By then it no longer counted. */
export async function endDueDelegations(bot: Bot) {
  const now = new Date(bot.clock())
  await bot.db.transaction(async (tx) => {
    const over = await tx
      .update(delegations)
      .set({ endedAt: now })
      .where(and(isNull(delegations.endedAt), lte(delegations.endsAt, now)))
      .returning()
    for (const row of over) {
      const { delegator, delegate, delegateAccount, endsAt, team, delegatorName, delegatorAccount } = row
      await tellEnded(bot, tx, row, [delegator, delegate])
      await audit(bot, tx, {
        reference: newReference(),
        phase: 'expired',
        person: { id: delegator, team, name: delegatorName, account: delegatorAccount },
        operation: 'request delegate',
        input: { to: delegateAccount, until: endsAt.toISOString() },
      })
    }
  })
}
