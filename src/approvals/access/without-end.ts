import { and, eq, inArray } from 'drizzle-orm'
import type { Run } from '../../command/command.ts'
import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import type { Lasting } from '../../db/access-tables.ts'
import { accessGrants } from '../../db/schema.ts'
import { decidersOf } from './deciders.ts'
import { findHold, type Held, openGrants, openStates, rolesOf, untilCertain, withHold } from './hold.ts'
import { inForce, isMore, type Role, roleOf } from './in-force.ts'
import { assertMayProlong } from './prolong.ts'
import { applyHeld, isReplaced, readHeld, type Target } from './target.ts'
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
  return withHold(bot, known, quay, async (held) => {
    await resumeWithoutEnd(bot, held)
    const { hold, quay: fenced, write } = held
    const open = await openGrants(bot.db, hold.id)
    if (open.length === 0) return { done: undefined }
    if (role !== null) await assertMayProlong(bot, target, await decidersOf(run))
    const wanted = inForce(hold.kind, role, role === null ? [] : rolesOf(hold, open))
    const lasting = { permanent: role, by: run.person.name, at: bot.clock() }
    await write(bot.db, { writing: { role: wanted, lasting } })
    const stored = await applyHeld(fenced, hold, wanted).catch(async (error) => {
      // What Quay has refused did not happen; a lost answer is looked for later.
      if (error instanceof Failure && error.code !== 'unavailable') await write(bot.db, { writing: null })
      throw error
    })
    if (stored !== wanted) {
      await write(bot.db, { writing: null, applied: stored })
      throw new Failure('conflict', 'Quay reported success, but {grantee} has a different permission on {object}.', {
        ...{ grantee: hold.grantee, object: hold.object },
      })
    }
    await finishWithoutEnd(bot, held, lasting)
    return { done: { inForce: wanted } }
  })
}

/**
 * Finishes a permanent change that was interrupted, by a crash or a lost answer: what Quay has tells whether it happened. This comes
 * before any other work on the hold. `isPatient`: Unavailable while it may still come; a person does not wait for it, and what comes late then
 * is somebody else's change.
 */
export async function resumeWithoutEnd(bot: Bot, held: Held, isPatient = false): Promise<void> {
  const { hold, quay, write } = held
  const lasting = hold.writing?.lasting
  if (!hold.writing || !lasting) return
  const found = await readHeld(quay, hold)
  const isThere = found.mark !== null && !isReplaced(hold.mark, found)
  if (isThere && found.role === roleOf(hold.kind, hold.writing.role)) return finishWithoutEnd(bot, held, lasting)
  const { grantee, object } = hold
  if (isPatient && bot.clock() < lasting.at + untilCertain)
    throw new Failure('unavailable', 'The access of {grantee} to {object} is being changed right now.', { grantee, object })
  await write(bot.db, { writing: null })
}

/** Quay has it: what it gives too is kept by it, what is taken is over, and who has to know is told. */
async function finishWithoutEnd(bot: Bot, { hold, write }: Held, { permanent, by }: Lasting) {
  const role = roleOf(hold.kind, permanent)
  const open = await openGrants(bot.db, hold.id)
  const over = open.filter((one) => role === null || !isMore(hold.kind, roleOf(hold.kind, one.role), role))
  const people = await Promise.all(over.map((one) => hearersOf(bot, hold, one)))
  await bot.db.transaction(async (tx) => {
    const isLast = over.length === open.length
    await write(tx, { permanent: role, applied: hold.writing?.role ?? null, writing: null, ...(isLast && { since: null }) })
    for (const [index, grant] of over.entries()) {
      const outcome = {
        message:
          role === null
            ? '{person} revoked the temporary access of {grantee} to {object}.'
            : '{person} granted {grantee} *{now}* on {object} permanently, so it no longer ends.',
        values: { ...valuesOf(hold, grant), person: by, now: role ?? '' },
      }
      const isStill = and(eq(accessGrants.id, grant.id), inArray(accessGrants.state, openStates))
      await tx
        .update(accessGrants)
        .set({ state: role === null ? 'ended' : 'kept', outcome, endedAt: new Date(bot.clock()) })
        .where(isStill)
      await tellEnd(bot, tx, people[index] ?? [], hold, grant, outcome)
    }
  })
}
