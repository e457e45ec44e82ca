import { and, eq } from 'drizzle-orm'
import type { Bot } from '../../context.ts'
import { accessGrants } from '../../db/schema.ts'
import { audit } from '../../security/audit-log.ts'
import type { Grant, Held } from './hold.ts'
import type { Role } from './in-force.ts'
import { madeMeanwhile } from './made-meanwhile.ts'
import { hearersOf, tellEnd, valuesOf } from './tell.ts'

interface Ended {
  open: Grant[]
  ending: Grant[]
  /** What Quay has now. */
  target: Role | null
}

/** Quay has what it shall: the grants are over, by rows, audit and messages in one transaction. */
export async function finish(bot: Bot, { hold, quay, write, reads }: Held, { open, ending, target }: Ended) {
  const isLast = open.length === ending.length
  const people = await Promise.all(ending.map((one) => hearersOf(bot, hold, one)))
  const made = await Promise.all(ending.map((one) => madeMeanwhile(bot, quay, hold, one)))
  await bot.db.transaction(async (tx) => {
    await write(tx, {
      applied: target,
      writing: null,
      retryAt: null,
      failures: 0,
      toldAt: null,
      ...(isLast && { since: null, permanent: null }),
    })
    for (const [index, grant] of ending.entries()) {
      const outcome = {
        message:
          hold.kind === 'team'
            ? 'Temporary access ended: {grantee} is {now, select, none {no longer} other {still}} a member of the team {object}.'
            : target
              ? 'Temporary access ended: {grantee} has *{now}* on {object} {same, select, yes {still} other {again}}.'
              : 'Temporary access ended: {grantee} no longer has a direct permission on {object}.',
        values: { ...valuesOf(hold, grant), now: target ?? 'none', same: target === grant.role ? 'yes' : 'no' },
      }
      const ended = await tx
        .update(accessGrants)
        .set({ state: 'ended', outcome, endedAt: new Date(bot.clock()) })
        .where(and(eq(accessGrants.id, grant.id), eq(accessGrants.state, 'ending')))
        .returning({ id: accessGrants.id })
      if (ended.length === 0) continue
      const person = { id: grant.asker, team: grant.team, name: grant.asker, account: undefined }
      const row = { reference: grant.reference, person, operation: 'access end', input: { grant: grant.id }, outcome }
      await audit(bot, tx, { ...row, phase: 'finished' })
      const below = made[index] ?? []
      // What else was made meanwhile is not in the reply.
      const except = reads?.grant === grant.id && below.length === 0 ? reads.person : undefined
      await tellEnd(bot, tx, people[index] ?? [], hold, grant, outcome, { below, except })
    }
  })
}
