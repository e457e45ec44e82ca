import { findMember, listCollaborations } from '../quay/members.ts'
import { findOrganization } from '../quay/organizations.ts'
import type { Quay } from '../quay/registry.ts'
import { listTeamPermissions } from '../quay/teams.ts'
import type { Person } from './identity.ts'

/**
 * The repositories of a namespace that a person can read in Quay. The bot's own token reads all of them, so a list is filtered
 * by these. Two requests, one more for each team of the person, and another for a person without a team.
 */
export async function visibleRepositories(
  quay: Quay,
  { account, user }: Person,
  namespace: string,
): Promise<(repository: { name: string; visibility: string }) => boolean> {
  if (account === undefined || !user?.enabled) return isPublic
  if (namespace === account || user.globalReader || (user.superuser && quay.capabilities.superusersFullAccess)) return () => true
  const [organization, member] = await Promise.all([findOrganization(quay, namespace), findMember(quay, namespace, account)])
  const teams = (organization?.teams ?? []).filter(({ name }) => member?.teams.includes(name))
  if (teams.some(({ role }) => role === 'admin')) return () => true
  const byTeam = await Promise.all(teams.map(({ name }) => listTeamPermissions(quay, { organization: namespace, team: name })))
  const own = member?.repositories ?? (organization ? await listCollaborations(quay, namespace, account) : [])
  const held = new Set(
    [...own, ...byTeam.flat().map(({ repository }) => repository)].map((name) => (name.includes('/') ? name : `${namespace}/${name}`)),
  )
  return (repository) => isPublic(repository) || held.has(repository.name)
}

function isPublic({ visibility }: { visibility: string }) {
  return visibility === 'public'
}
