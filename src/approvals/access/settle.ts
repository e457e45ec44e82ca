import { and, eq, inArray, lte } from 'drizzle-orm'
import type { Bot } from '../../context.ts'
import { aMinute } from '../../core/durations.ts'
import { Failure } from '../../core/failure.ts'
import type { Db } from '../../db/database.ts'
import { accessGrants } from '../../db/schema.ts'
import { withPriority } from '../../quay/http.ts'
import { granteeOf } from '../../quay/permissions.ts'
import { findUser } from '../../quay/users.ts'
import { audit } from '../../security/audit-log.ts'
import { LeaseLost } from '../lease.ts'
import { finish } from './finish.ts'
import { activate } from './give.ts'
import { type Grant, type Held, openGrants, rolesOf, untilCertain, withLease } from './hold.ts'
import { inForce, type Role, roleOf } from './in-force.ts'
import { leaveAlone } from './leave-alone.ts'
import { findMeddler } from './meddled.ts'
import { isReplaced, readHeld, setHeld } from './target.ts'
import { hearersOf, tellAsked, tellEnd } from './tell.ts'
import { resumeWithoutEnd } from './without-end.ts'

const longestPause = aMinute / 2

/**
 * Ends what is due on one hold: what comes back is the highest of what was there before and what other grants still give. The rows
 * decide; a change that is under way is written down first and looked for afterwards, so that a kill at any moment costs nothing.
 */
export async function settleHold(bot: Bot, id: string, reads?: Held['reads']): Promise<void> {
  const job = withPriority(bot.quay, { class: 'job' })
  await withLease(bot, id, job, async (held) => {
    try {
      await settle(bot, { ...held, reads })
    } catch (error) {
      if (error instanceof LeaseLost) return
      const failures = held.hold.failures + 1
      const pause = Math.min(longestPause, 1_000 * 2 ** Math.min(failures, 6))
      await held.write(bot.db, { failures, retryAt: new Date(bot.clock() + pause) })
      throw error
    }
  })
}

async function settle(bot: Bot, held: Held) {
  const { hold, quay } = held
  await resumeWithoutEnd(bot, held, true)
  const now = new Date(bot.clock())
  // From here on nobody extends or keeps it: whoever changes the row first wins.
  await bot.db
    .update(accessGrants)
    .set({ state: 'ending' })
    .where(and(eq(accessGrants.hold, hold.id), eq(accessGrants.state, 'active'), lte(accessGrants.endsAt, now)))
  const open = await openGrants(bot.db, hold.id)
  const starting = open.filter(({ state, startedAt }) => state === 'starting' && startedAt.getTime() <= now.getTime() - untilCertain)
  const ending = open.filter(({ state }) => state === 'ending')
  if (starting.length === 0 && ending.length === 0) return held.write(bot.db, { retryAt: null, failures: 0 })
  const found = await readHeld(quay, hold)
  if (found.mark === null || isReplaced(hold.mark, found)) return goneWith(bot, held, open, found.mark === null)
  const [applied, writing] = [roleOf(hold.kind, hold.applied), hold.writing && roleOf(hold.kind, hold.writing.role)]
  if (starting.length > 0) {
    const happened = hold.writing !== null && found.role === writing && found.role !== applied
    for (const grant of starting) await (happened ? activate(bot, held, grant) : discard(bot, held, grant))
    return settle(bot, held)
  }
  const isOurs = found.role === applied || (hold.writing !== null && found.role === writing)
  const target = await afterEnd(held, open, ending)
  const isDone = hold.writing !== null && found.role === target && writing === target
  if (!isDone && !(await mayBeChanged(bot, held, { open, ending, found: found.role, target, isOurs }))) return
  if (found.role !== target) {
    await held.write(bot.db, { writing: { role: target } })
    await setHeld(quay, hold, target).catch(untilRead)
    const { role } = await readHeld(quay, hold)
    if (role !== target) throw new Failure('unavailable', 'In Quay it is still *{role}*.', { role: role ?? 'none' })
  }
  await finish(bot, held, { open, ending, target })
}

/** Whether Quay refused it or its answer was lost: what it has afterwards tells. */
function untilRead(error: unknown) {
  if (!(error instanceof Failure)) throw error
}

/** What is in force when the due grants are over. To somebody who is disabled or gone nothing comes back. */
async function afterEnd({ hold, quay }: Held, open: Grant[], ending: Grant[]): Promise<Role | null> {
  const left = rolesOf(
    hold,
    open.filter((one) => !ending.includes(one)),
  )
  const permanent = roleOf(hold.kind, hold.permanent)
  const { kind, name } = granteeOf(hold.grantee)
  if (permanent === null || kind !== 'user') return inForce(hold.kind, permanent, left)
  const user = await findUser(quay, name)
  return inForce(hold.kind, user?.enabled ? permanent : null, left)
}

interface Change {
  open: Grant[]
  ending: Grant[]
  found: Role | null
  target: Role | null
  /** Whether Quay has what the bot wrote last. */
  isOurs: boolean
}

/** Nothing is taken away that somebody else gave meanwhile; where nobody can tell, whoever gave it is asked. */
async function mayBeChanged(bot: Bot, held: Held, { open, ending, found, target, isOurs }: Change): Promise<boolean> {
  if (isOurs && found === target) return true
  const isConfirmed = isOurs && ending.every(({ confirmed }) => confirmed)
  if (isConfirmed) return true
  const meddler = await findMeddler(held.quay, held.hold, bot.clock())
  if (meddler === 'unreadable' && isOurs) {
    await ask(bot, held, ending)
    return false
  }
  if (meddler !== 'unreadable' && meddler.who === undefined && !meddler.anew) return true
  await leaveAlone(bot, held, open, found, meddler === 'unreadable' ? undefined : meddler.who)
  return false
}

async function ask(bot: Bot, { hold, write }: Held, ending: Grant[]) {
  const people = await Promise.all(ending.map((one) => hearersOf(bot, { grantee: 'team:' }, one)))
  await bot.db.transaction(async (tx) => {
    await write(tx, { retryAt: null, failures: 0 })
    for (const [index, grant] of ending.entries()) {
      await tx.update(accessGrants).set({ state: 'asking' }).where(eq(accessGrants.id, grant.id))
      await tellAsked(bot, tx, people[index] ?? [], hold, grant)
    }
  })
}

/** It never came to be: its command has said so, or its process died before Quay heard of it. */
async function discard(bot: Bot, { hold, write }: Held, grant: Grant) {
  await bot.db.transaction(async (tx) => {
    await write(tx, { writing: null })
    await endRows(bot, tx, [grant], 'void')
  })
  bot.log.info({ grant: grant.id, hold: hold.id }, 'a temporary permission never began')
}

async function endRows(bot: Bot, tx: Db, grants: Grant[], state: 'void' | 'left') {
  const ids = grants.map(({ id }) => id)
  await tx
    .update(accessGrants)
    .set({ state, unreviewed: null, endedAt: new Date(bot.clock()) })
    .where(inArray(accessGrants.id, ids))
}

/** The repository or team is gone, or another has its name: there is nothing to end. */
async function goneWith(bot: Bot, { hold, write }: Held, open: Grant[], isGone: boolean) {
  const people = await Promise.all(open.map((one) => hearersOf(bot, hold, one)))
  const outcome = {
    message:
      '{object} was {how, select, gone {deleted} other {deleted and created again}}, together with the temporary access of {grantee}. Nothing was changed.',
    values: { object: hold.object, grantee: hold.grantee, how: isGone ? 'gone' : 'anew' },
  }
  await bot.db.transaction(async (tx) => {
    await write(tx, { applied: null, permanent: null, writing: null, since: null, retryAt: null, failures: 0 })
    await tx
      .update(accessGrants)
      .set({ state: 'left', outcome, endedAt: new Date(bot.clock()) })
      .where(
        inArray(
          accessGrants.id,
          open.map(({ id }) => id),
        ),
      )
    for (const [index, grant] of open.entries()) {
      const person = { id: grant.asker, team: grant.team, name: grant.asker, account: undefined }
      await audit(bot, tx, {
        reference: grant.reference,
        phase: 'finished',
        person,
        operation: 'access end',
        input: { grant: grant.id },
        outcome,
      })
      await tellEnd(bot, tx, people[index] ?? [], hold, grant, outcome)
    }
  })
}
