import type { Call } from './call.ts'
import { findOrganization, teamsOf } from './lookup.ts'
import type { Repository } from './repository-state.ts'

/**
 * Whether a list shows a repository to the caller: held rights of the account whatever the token's scope, and everything
 * to a full-access superuser and a global reader. Merely public ones are not meant here (matrix: list.namespace shows
 * `public` only to whom the organisation belongs).
 */
export function canSee(call: Call, repository: Repository) {
  const { account, world } = call
  if (!account) return false
  if (account.globalReader || (account.superuser && world.registry.superusersFullAccess)) return true
  return holdsRole(call, account.name, repository)
}

export function holdsRole(call: Call, name: string, repository: Repository) {
  if (repository.namespace === name || repository.userPermissions[name]) return true
  const organization = findOrganization(call.world.registry, repository.namespace)
  const teams = organization ? teamsOf(organization, name) : []
  return teams.some((team) => team.role === 'admin' || repository.teamPermissions[team.name])
}
