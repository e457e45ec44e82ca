import { and, eq, inArray } from 'drizzle-orm'
import type { Run } from '../../command/command.ts'
import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import { newReference } from '../../core/reference.ts'
import { accessGrants, requests } from '../../db/schema.ts'
import { newRequestId } from '../request.ts'
import { askForReview, unreviewed } from './ask-for-review.ts'
import { decidersOf } from './deciders.ts'
import { ensureHold, type Grant, type Held, type Hold, openGrants, openStates, rolesOf, withHold } from './hold.ts'
import { inForce, isMore, type Role, roleOf } from './in-force.ts'
import { leaveAlone } from './leave-alone.ts'
import { assertMayProlong } from './prolong.ts'
import { applyHeld, readHeld, setHeld, type Target } from './target.ts'
import { closeCards, hearersOf, tellStart } from './tell.ts'
import { resumeWithoutEnd } from './without-end.ts'

type AnyRun = Pick<Run<unknown>, 'bot' | 'quay' | 'person' | 'log' | 'reference'>

export interface Wanted {
  target: Target
  role: Role
  /** Milliseconds. */
  endsAt: number
  /** How long it may be in force in one go, in milliseconds; undefined: no limit. */
  longest?: number | undefined
  /** Taken by break-glass: the channel where it is reviewed, and why it was taken. */
  breakGlass?: { channel: string; reason: string }
}

/** What was given, as plain JSON. `before`: what it had without an end, which comes back; `role`: what is in force now. */
export interface GivenForAWhile {
  before: Role | null
  role: Role
  until: string
  id: string
}

/**
 * Gives a role that ends by itself. The row is written first, so that whatever happens the end comes; the same command or request
 * (by its reference) gives it once, however often it is tried. Conflict: it is held without an end, or somebody deletes the object.
 * Denied: it would prolong what the person who decides has themselves (docs/SECURITY.md rule 41). Unavailable: Quay did not confirm it.
 */
export async function giveForAWhile(run: AnyRun, wanted: Wanted): Promise<GivenForAWhile> {
  const { bot, target, role } = { ...run, ...wanted }
  if (run.quay.dryRunCalls) {
    await setHeld(run.quay, target, role)
    return { before: null, role, until: new Date(wanted.endsAt).toISOString(), id: '' }
  }
  const ensured = await ensureHold(bot, target)
  const reference = run.reference ?? newReference()
  return withHold(bot, ensured, run.quay, async (held) => {
    await resumeWithoutEnd(bot, held)
    const open = await openGrants(bot.db, held.hold.id)
    const own = (await grantOf(bot, held.hold, reference)) ?? (await admit(run, held, open, { ...wanted, reference }))
    return { done: own.state === 'starting' ? await begin(bot, held, own) : resultOf(held.hold, own, open) }
  })
}

/** The grant that this command or request made already. */
export async function grantOf({ db }: Pick<Bot, 'db'>, { id }: Pick<Hold, 'id'>, reference: string): Promise<Grant | undefined> {
  const [grant] = await db
    .select()
    .from(accessGrants)
    .where(and(eq(accessGrants.hold, id), eq(accessGrants.reference, reference)))
  return grant?.state === 'void' ? undefined : grant
}

/** Checks that it may begin, and writes it down before Quay is called. */
async function admit(run: AnyRun, { hold, quay, write }: Held, before: Grant[], wanted: Wanted & { reference: string }): Promise<Grant> {
  const { bot, person } = run
  const { target, role, endsAt, longest, reference, breakGlass } = wanted
  const now = bot.clock()
  // Another one that nobody knows the end of yet: the job finds out within a minute.
  if (before.some(({ state }) => state === 'starting'))
    throw new Failure('unavailable', 'The access of {grantee} to {object} is being changed right now.', { ...nameOf(target) })
  const found = await readHeld(quay, target)
  if (found.mark === null) throw new Failure('not_found', '{object} not found in Quay.', { object: target.object })
  let open = before
  const isOurs = found.role === roleOf(target.kind, hold.applied) || (hold.writing && found.role === roleOf(target.kind, hold.writing.role))
  if (open.length > 0 && !isOurs) {
    await leaveAlone(bot, { hold, write }, open, found.role)
    open = []
  }
  const permanent = open.length > 0 ? roleOf(target.kind, hold.permanent) : found.role
  if (!isMore(target.kind, role, permanent))
    throw new Failure(
      'conflict',
      '{kind, select, team {{grantee} is already a permanent member of the team {object}.} other {{grantee} already has *{role}* on {object} permanently. Only a higher permission can be granted temporarily.}}',
      { ...nameOf(target), kind: target.kind, role: permanent ?? '' },
    )
  const decided = await decidersOf({ ...run, reference })
  const held = inForce(target.kind, permanent, rolesOf(hold, open))
  // The one exception: somebody gives it to themself, and then it must be more than they have.
  if (breakGlass && !isMore(target.kind, role, held))
    throw new Failure('conflict', 'You already have *{role}* on {object}.', { role: held ?? '', object: target.object })
  if (!breakGlass && open.length > 0) await assertMayProlong(bot, target, decided)
  const since = open.length > 0 ? (hold.since?.getTime() ?? now) : now
  if (longest !== undefined && endsAt - since > longest)
    throw new Failure('denied', 'The policy allows this until {end} at most.', { end: [{ at: since + longest }] })
  const all = [...open.map((one) => roleOf(target.kind, one.role) ?? role), role]
  return bot.db.transaction(async (tx) => {
    await write(tx, {
      ...{ permanent, mark: found.mark, applied: found.role, since: new Date(since) },
      writing: { role: inForce(target.kind, permanent, all) },
    })
    const [request] = await tx.select().from(requests).where(eq(requests.reference, reference))
    const row = {
      ...{ id: newRequestId(), hold: hold.id, reference, team: person.team, decided, asker: person.id, role },
      ...{
        request: request?.id ?? null,
        reason: request?.reason ?? breakGlass?.reason ?? null,
        startedAt: new Date(now),
        endsAt: new Date(endsAt),
      },
    }
    await tx.delete(accessGrants).where(and(eq(accessGrants.hold, hold.id), eq(accessGrants.reference, reference)))
    const glass = breakGlass && { breakGlass: true, channel: breakGlass.channel, unreviewed: person.account ?? person.id }
    const [made] = await tx
      .insert(accessGrants)
      .values({ ...row, ...glass })
      .onConflictDoNothing()
      .returning()
    if (!made) throw unreviewed()
    return made
  })
}

/** Makes Quay have what was written down. A refusal of Quay's ends the grant before it began; a lost answer leaves it to be looked at. */
async function begin(bot: Bot, { hold, quay, write }: Held, own: Grant): Promise<GivenForAWhile> {
  const wanted = roleOf(hold.kind, hold.writing?.role) ?? roleOf(hold.kind, own.role)
  const revoke = () =>
    bot.db.transaction(async (tx) => {
      await write(tx, { writing: null })
      await tx
        .update(accessGrants)
        .set({ state: 'void', unreviewed: null, endedAt: new Date(bot.clock()) })
        .where(eq(accessGrants.id, own.id))
    })
  const stored = await applyHeld(quay, hold, wanted).catch(async (error) => {
    if (error instanceof Failure && error.code !== 'unavailable') await revoke()
    throw error
  })
  if (stored !== wanted) {
    await revoke()
    throw new Failure('conflict', 'Quay reported success, but {grantee} does not have this permission on {object}.', {
      ...nameOf(hold),
    })
  }
  return activate(bot, { hold, write }, own)
}

/** From here on it is in force. Grants that give no more and end no later are part of it: it was extended. */
export async function activate(bot: Bot, { hold, write }: Pick<Held, 'hold' | 'write'>, own: Grant): Promise<GivenForAWhile> {
  const others = (await openGrants(bot.db, hold.id)).filter(({ id }) => id !== own.id)
  const isPart = (one: Grant) =>
    !one.breakGlass && one.endsAt <= own.endsAt && !isMore(hold.kind, roleOf(hold.kind, one.role), roleOf(hold.kind, own.role))
  const parts = others.filter(isPart)
  const people = await hearersOf(bot, hold, own)
  const before = await Promise.all(parts.map((one) => hearersOf(bot, hold, one)))
  await bot.db.transaction(async (tx) => {
    await write(tx, { applied: hold.writing?.role ?? hold.applied, writing: null })
    await tx
      .update(accessGrants)
      .set({ state: 'active' })
      .where(and(eq(accessGrants.id, own.id), eq(accessGrants.state, 'starting')))
    const outcome = { message: 'Extended.', values: {} }
    for (const [index, one] of parts.entries()) {
      await tx
        .update(accessGrants)
        .set({ state: 'ended', outcome, endedAt: new Date(bot.clock()) })
        .where(and(eq(accessGrants.id, one.id), inArray(accessGrants.state, openStates)))
      await closeCards(bot, tx, before[index] ?? [], hold, one)
    }
    await tellStart(bot, tx, people, hold, own)
    if (own.breakGlass) await askForReview(bot, tx, hold, own)
  })
  return resultOf(hold, own, others)
}

function resultOf(hold: Hold, own: Grant, open: Grant[]): GivenForAWhile {
  const permanent = roleOf(hold.kind, hold.permanent)
  const role = inForce(hold.kind, permanent, rolesOf(hold, [...open, own]))
  return { before: permanent, role: role ?? 'read', until: own.endsAt.toISOString(), id: own.id }
}

function nameOf({ grantee, object }: Pick<Target, 'grantee' | 'object'>) {
  return { grantee, object }
}
