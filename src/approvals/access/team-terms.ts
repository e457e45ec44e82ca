import type { Bot } from '../../context.ts'
import { repositoryRole } from '../../quay/permissions.ts'
import type { Quay } from '../../quay/registry.ts'
import { listTeamPermissions, type TeamName } from '../../quay/teams.ts'
import { isOneOf } from '../../quay/word.ts'
import { assertGiven } from '../temporary.ts'

/**
 * Being put into a team gives what the team has: an admin team everything, another its permissions on repositories. So the policy's
 * terms for those hold too, or they would be evaded by way of a team. Returns the shortest limit. Throws `denied`.
 */
export async function assertTeamLasts(
  bot: Bot,
  quay: Quay,
  person: { id: string },
  { organization, team, role }: TeamName & { role: string },
  endsAt: number | undefined,
): Promise<number | undefined> {
  const { required, longest } = bot.policy.temporary
  if (required.length === 0) return longest
  const given =
    role === 'admin' ? [{ role: 'admin' as const, repository: organization }] : await listTeamPermissions(quay, { organization, team })
  // A role that is not known here counts as the highest.
  const roles = given.map(({ role }) => (isOneOf(repositoryRole.options, role) ? role : 'admin'))
  const kinds = [...new Set(roles)].map((permission) => ({ permission, object: organization }))
  const limits = await Promise.all(
    [{ permission: 'team' as const, object: organization }, ...kinds].map((one) => assertGiven(bot, person, one, endsAt)),
  )
  const known = limits.filter((limit) => limit !== undefined)
  return known.length > 0 ? Math.min(...known) : undefined
}
