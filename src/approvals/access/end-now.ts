import { and, eq, inArray } from 'drizzle-orm'
import type { Run } from '../../command/command.ts'
import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import type { Sentence } from '../../core/i18n.ts'
import { accessGrants, accessHolds } from '../../db/schema.ts'
import { namespaceOf } from '../../quay/names.ts'
import { checkPermission } from '../../security/permissions.ts'
import { type Grant, type Hold, openGrants, openStates, rolesOf } from './hold.ts'
import { inForce, roleOf } from './in-force.ts'
import { settleHold } from './settle.ts'
import { setHeld } from './target.ts'

/** The grant with what it is on. Throws `not_found`. */
export async function findGrant({ db }: Pick<Bot, 'db'>, id: string): Promise<{ grant: Grant; hold: Hold }> {
  const [row] = await db
    .select()
    .from(accessGrants)
    .innerJoin(accessHolds, eq(accessHolds.id, accessGrants.hold))
    .where(eq(accessGrants.id, id))
  if (!row) throw unknownGrant(id)
  return { grant: row.access_grants, hold: row.access_holds }
}

/** A missing one and one that somebody may not know are the same sentence (docs/SECURITY.md rule 22). */
function unknownGrant(id: string) {
  return new Failure('not_found', 'Temporary access {id} not found.', { id })
}

/** What a grant is on, as permissions are checked: the repository, or the organization of the team. */
export function objectOf({ kind, object }: Pick<Hold, 'kind' | 'object'>) {
  return kind === 'team' ? namespaceOf(object) : object
}

export interface EndedNow {
  id: string
  object: string
  grantee: string
  /** Undefined: it ends as soon as Quay confirms it. */
  outcome: Sentence | undefined
}

/**
 * Ends a grant before its time: by who has it, or by an admin of what it is on, asked anew. Not found: none that they may see.
 * Conflict: it is over already.
 */
export async function endNow({ bot, person, quay }: Pick<Run<unknown>, 'bot' | 'person' | 'quay'>, id: string): Promise<EndedNow> {
  const { grant, hold } = await findGrant(bot, id)
  const answer = { id, object: hold.object, grantee: hold.grantee }
  if (person.account !== hold.grantee) await checkAdmin(bot, person, hold, id)
  if (!openStates.includes(grant.state)) throw new Failure('conflict', 'Already over: {object}.', { object: hold.object })
  if (quay.dryRunCalls) {
    const others = (await openGrants(bot.db, hold.id)).filter((one) => one.id !== id)
    await setHeld(quay, hold, inForce(hold.kind, roleOf(hold.kind, hold.permanent), rolesOf(hold, others)))
    return { ...answer, outcome: undefined }
  }
  await endsNow(bot, grant, hold, person.id)
  const { grant: now } = await findGrant(bot, id)
  return { ...answer, outcome: now.outcome ?? undefined }
}

/**
 * Somebody who may has said so. Quay that is away is no reason to say that it failed: it ends as soon as Quay answers. `reader`: the
 * Slack person who reads the end in a reply.
 */
export async function endsNow(bot: Bot, { id, state }: Grant, hold: Hold, reader?: string): Promise<void> {
  await bot.db
    .update(accessGrants)
    .set({ state: 'ending', confirmed: state === 'asking' })
    .where(and(eq(accessGrants.id, id), inArray(accessGrants.state, ['active', 'asking'])))
  const reads = reader === undefined ? undefined : { grant: id, person: reader }
  const later = (err: unknown) => bot.log.warn({ err, grant: id }, 'a temporary permission could not be ended yet')
  await settleHold(bot, hold.id, reads).catch(later)
}

async function checkAdmin(bot: Bot, person: Run<unknown>['person'], hold: Hold, id: string) {
  await checkPermission(bot, person, { permission: 'admin', object: objectOf(hold) }, { bypassCache: true }).catch((error: unknown) => {
    throw error instanceof Failure && error.code === 'denied' ? unknownGrant(id) : error
  })
}
