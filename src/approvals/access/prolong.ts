import { eq, inArray } from 'drizzle-orm'
import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import type { Decided } from '../../db/access-tables.ts'
import { accessGrants, accessHolds } from '../../db/schema.ts'
import { namespaceOf } from '../../quay/names.ts'
import { granteeOf } from '../../quay/permissions.ts'
import { findTeamMembers } from '../../quay/teams.ts'
import { findUser } from '../../quay/users.ts'
import { openStates } from './hold.ts'
import type { Target } from './target.ts'

/**
 * *Extend* and *Keep*, however they are said: never decided by who benefits, nor by somebody whose own permission there is temporary
 * (docs/SECURITY.md rule 41). Superusers do not hold theirs by a grant. Throws `denied`.
 */
export async function assertMayProlong(bot: Bot, target: Target, decided: Pick<Decided, 'account'>[]): Promise<void> {
  for (const { account } of decided) {
    if (account === null) continue
    if (await benefits(bot, target, account))
      throw new Failure('denied', 'You can’t extend your own temporary access to {object}. Someone else must do it.', {
        object: target.object,
      })
    if (await isThereForAWhile(bot, target, account))
      throw new Failure('denied', 'Your own permission on {object} is temporary. Someone with a permanent one must do this.', {
        object: target.object,
      })
  }
}

async function benefits({ quay }: Bot, { object, grantee }: Target, account: string) {
  const { kind, name } = granteeOf(grantee)
  if (kind !== 'team') return grantee === account
  const found = await findTeamMembers(quay, { organization: namespaceOf(object), team: name })
  return found?.members.some((member) => member.name === account) ?? false
}

/** Whether a temporary admin permission on the repository, or a temporary membership in its organization, is what the account stands on. */
async function isThereForAWhile(bot: Bot, { object }: Target, account: string) {
  const namespace = namespaceOf(object)
  const rows = await bot.db
    .select({ kind: accessHolds.kind, object: accessHolds.object, grantee: accessHolds.grantee, role: accessGrants.role })
    .from(accessGrants)
    .innerJoin(accessHolds, eq(accessHolds.id, accessGrants.hold))
    .where(inArray(accessGrants.state, openStates))
  const here = rows.filter((one) =>
    one.kind === 'team' ? namespaceOf(one.object) === namespace : one.object === object && one.role === 'admin',
  )
  const own = here.filter(({ grantee }) => grantee === account)
  const throughTeams = here.filter(({ grantee }) => grantee.startsWith('team:'))
  const members = await Promise.all(
    throughTeams.map(({ grantee }) => findTeamMembers(bot.quay, { organization: namespace, team: granteeOf(grantee).name })),
  )
  const isThere = own.length > 0 || members.some((found) => found?.members.some(({ name }) => name === account))
  return isThere && !(await findUser(bot.quay, account))?.superuser
}
