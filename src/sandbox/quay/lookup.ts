import type { Call } from './call.ts'
import { notFound } from './errors.ts'
import type { Organization, Registry, TeamRole, User } from './registry.ts'
import type { Role } from './repository-parts.ts'
import type { Repository } from './repository-state.ts'

export const findUser = (registry: Registry, name: string) => registry.users.find((user) => user.name === name)
export const findOrganization = (registry: Registry, name: string) =>
  registry.organizations.find((organization) => organization.name === name)
export const findNamespace = (registry: Registry, name: string) => findUser(registry, name) ?? findOrganization(registry, name)
export const findRobot = (registry: Registry, name: string) => registry.robots.find((robot) => robot.name === name)
export const findTeam = (organization: Organization, name: string) => organization.teams.find((team) => team.name === name)
export const fullName = ({ namespace, name }: Repository) => `${namespace}/${name}`

export function findRepository(registry: Registry, full: string) {
  return registry.repositories.find((repository) => fullName(repository) === full)
}

/** Every repository's row, those of deleted ones included, which lists of permissions do not leave out. */
export const rowsOf = ({ repositories, deletedRepositories }: Registry) => [...repositories, ...deletedRepositories]

/** The first segment is the namespace; the rest is the name, slashes included. */
export function splitName(full: string) {
  const slash = Math.max(0, full.indexOf('/'))
  return { namespace: full.slice(0, slash), name: full.slice(slash + 1) }
}

/** The repository that the path names, or Quay's 404. Rights come first: whoever lacks them hears 403 (docs/quay.md, Status codes). */
export function repositoryOf(call: Call): Repository {
  return findRepository(call.world.registry, call.params.repository ?? '') ?? notFound(call)
}

export function organizationOf(call: Call): Organization {
  return findOrganization(call.world.registry, call.params.orgname ?? '') ?? notFound(call)
}

export const teamsOf = (organization: Organization, member: string) => organization.teams.filter((team) => team.members.includes(member))

/** Members of an organisation that are people, each once, in the order of their teams. */
export function peopleOf(registry: Registry, organization: Organization): User[] {
  const names = new Set(organization.teams.flatMap((team) => team.members))
  return [...names].flatMap((name) => findUser(registry, name) ?? [])
}

const roles: (Role | undefined)[] = [undefined, 'read', 'write', 'admin']
const teamRoles: (TeamRole | undefined)[] = [undefined, 'member', 'creator', 'admin']

export const rank = (role: Role | undefined) => roles.indexOf(role)
export const teamRank = (role: TeamRole | undefined) => teamRoles.indexOf(role)
export const highest = (held: Role[]) => roles[Math.max(0, ...held.map(rank))]
export const highestTeamRole = (held: TeamRole[]) => teamRoles[Math.max(0, ...held.map(teamRank))]
export const lower = (a: Role | undefined, b: Role | undefined) => roles[Math.min(rank(a), rank(b))]
export const lowerTeamRole = (a: TeamRole | undefined, b: TeamRole | undefined) => teamRoles[Math.min(teamRank(a), teamRank(b))]
