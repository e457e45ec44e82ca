import { and, eq, inArray } from 'drizzle-orm'
import type { Run } from '../../command/command.ts'
import { Failure } from '../../core/failure.ts'
import { accessGrants } from '../../db/schema.ts'
import { decidersOf } from './deciders.ts'
import { findHold, type Grant, openGrants, openStates, rolesOf, withHold } from './hold.ts'
import { inForce, isMore, type Role, roleOf } from './in-force.ts'
import { assertMayProlong } from './prolong.ts'
import { readHeld, setHeld, type Target } from './target.ts'
import { hearersOf, tellEnd, valuesOf } from './tell.ts'

/**
 * Gives (or, with null, takes away) what is held without an end, where something is held for a while. What it gives too is kept by
 * that, and ends no more; what gives more ends as it was said. Taken away is all of it. Undefined: nothing is held for a while, so
 * the caller does it alone. Denied: it would keep what the one who decides has themselves (docs/SECURITY.md rule 41).
 */
export async function setWithoutEnd(
  run: Pick<Run<unknown>, 'bot' | 'quay' | 'person' | 'reference'>,
  target: Target,
  role: Role | null,
): Promise<{ inForce: Role | null } | undefined> {
  const { bot, quay } = run
  const known = await findHold(bot.db, target)
  if (!known || quay.dryRunCalls || (await openGrants(bot.db, known.id)).length === 0) return undefined
  return withHold(bot, known, quay, async ({ hold, quay: fenced, write }) => {
    const open = await openGrants(bot.db, hold.id)
    if (open.length === 0) return { done: undefined }
    if (role !== null) await assertMayProlong(bot, target, await decidersOf(run))
    const isOver = (one: Grant) => role === null || !isMore(hold.kind, roleOf(hold.kind, one.role), role)
    const over = open.filter(isOver)
    const wanted = inForce(hold.kind, role, role === null ? [] : rolesOf(hold, open))
    await write(bot.db, { writing: { role: wanted } })
    if ((await readHeld(fenced, hold)).role !== wanted) await setHeld(fenced, hold, wanted)
    const { role: stored } = await readHeld(fenced, hold)
    if (stored !== wanted) {
      await write(bot.db, { writing: null, applied: stored })
      throw new Failure('conflict', 'Quay reported success, but {grantee} has a different permission on {object}.', {
        ...{ grantee: hold.grantee, object: hold.object },
      })
    }
    const people = await Promise.all(over.map((one) => hearersOf(bot, hold, one)))
    await bot.db.transaction(async (tx) => {
      await write(tx, { permanent: role, applied: wanted, writing: null, ...(over.length === open.length && { since: null }) })
      for (const [index, grant] of over.entries()) {
        const outcome = {
          message:
            role === null
              ? '{person} revoked the temporary access of {grantee} to {object}.'
              : '{person} granted {grantee} *{now}* on {object} permanently, so it no longer ends.',
          values: { ...valuesOf(hold, grant), person: run.person.name, now: role ?? '' },
        }
        const isStill = and(eq(accessGrants.id, grant.id), inArray(accessGrants.state, openStates))
        await tx
          .update(accessGrants)
          .set({ state: role === null ? 'ended' : 'kept', outcome, endedAt: new Date(bot.clock()) })
          .where(isStill)
        await tellEnd(bot, tx, people[index] ?? [], hold, grant, outcome)
      }
    })
    return { done: { inForce: wanted } }
  })
}
