import type { Call } from './call.ts'
import { unauthorized } from './errors.ts'
import {
  findNamespace,
  findOrganization,
  findRepository,
  highest,
  highestTeamRole,
  lower,
  lowerTeamRole,
  rank,
  splitName,
  teamRank,
  teamsOf,
} from './lookup.ts'
import type { TeamRole } from './registry.ts'
import { has, isSince } from './release.ts'
import { fullAccessSince } from './releases.ts'
import type { Role } from './repository-parts.ts'

// How Quay decides: a right the account holds, cut down to what the token's scopes allow (test/recorded/quay/scope-matrix.json).
const repositoryCaps: Record<string, Role> = { 'repo:read': 'read', 'repo:write': 'write', 'repo:admin': 'admin' }
const teamCaps: Record<string, TeamRole> = { 'repo:create': 'creator', 'org:admin': 'admin' }

const scopes = (call: Call) => call.token?.scopes ?? []
const repositoryCap = (call: Call) => highest(scopes(call).flatMap((scope) => repositoryCaps[scope] ?? []))
const teamCap = (call: Call) => highestTeamRole(scopes(call).flatMap((scope) => teamCaps[scope] ?? []))

export const isSuperuser = (call: Call) =>
  Boolean(call.account?.superuser) &&
  scopes(call).includes('super:user') &&
  !(call.account?.globalReader && has(call.world.registry, 'readOnlyWins'))
export const isGlobalReader = (call: Call) => Boolean(call.account?.globalReader) && scopes(call).includes('super:user')
/** Only `super:user` counts when a superuser acts on what belongs to others (docs/quay.md, Authentication). On some routes it came late. */
export const hasFullAccess = (call: Call) => call.world.registry.superusersFullAccess && isSuperuser(call) && reaches(call)

const reaches = ({ route, world }: Call) =>
  fullAccessSince.every(([routes, since]) => !routes.includes(route) || isSince(world.registry, since))

/** Whether answers tell a superuser of others' things what they tell their admins: later than he may change them (docs/quay.md, Releases §1a). */
export const isSeenAsAdmin = (call: Call) => hasFullAccess(call) && has(call.world.registry, 'superusersSeenAsAdmins')
/** The same of robots' teams and repositories, and of how a team is synchronised (docs/quay.md, Releases §1a). */
export const hasShortCut = (call: Call) => hasFullAccess(call) && has(call.world.registry, 'superusersShortCut')

/** With RESTRICTED_USERS people own nothing: neither organisations nor repositories of their own (docs/SECURITY.md rule 3). */
export const isRestricted = (call: Call) =>
  Boolean(call.world.registry.features.RESTRICTED_USERS) && !(call.account?.superuser && has(call.world.registry, 'superusersUnrestricted'))

const reads = (call: Call) => call.method === 'GET' || call.method === 'HEAD'

/** The highest role that the token's account holds on a repository, its scopes applied. */
export function repositoryRole(call: Call, full: string): Role | undefined {
  return call.account && lower(accountRole(call, call.account.name, full), repositoryCap(call))
}

function accountRole(call: Call, account: string, full: string): Role | undefined {
  const { registry } = call.world
  const { namespace } = splitName(full)
  if (namespace === account) return 'admin'
  const organization = findOrganization(registry, namespace)
  const teams = organization ? teamsOf(organization, account) : []
  // Only the team role `admin` reaches from the organisation into all its repositories.
  if (teams.some((team) => team.role === 'admin')) return 'admin'
  const repository = findRepository(registry, full)
  if (!repository) return undefined
  const held = [repository.userPermissions[account], ...teams.map((team) => repository.teamPermissions[team.name])]
  return highest(held.filter((role) => role !== undefined))
}

export const isPublic = (call: Call, full: string) => findRepository(call.world.registry, full)?.visibility === 'public'

/** Refuses unless the caller has the role. A global read-only superuser passes every GET; a full-access superuser everything. */
export function requireRepository(call: Call, role: Role, full = call.params.repository ?? '') {
  if (rank(repositoryRole(call, full)) >= rank(role)) return
  if (role === 'read' && isPublic(call, full)) return
  if (hasFullAccess(call) || (reads(call) && isGlobalReader(call))) return
  unauthorized(call)
}

/** The account's role in a namespace: its own is admin, an organisation's comes from teams. */
function namespaceRole(call: Call, namespace: string): TeamRole | undefined {
  if (!call.account) return undefined
  const { name } = call.account
  const organization = findOrganization(call.world.registry, namespace)
  const held =
    namespace === name ? ('admin' as const) : highestTeamRole((organization ? teamsOf(organization, name) : []).map((team) => team.role))
  return lowerTeamRole(held, teamCap(call))
}

export const hasNamespaceRole = (call: Call, namespace: string, role: TeamRole) =>
  teamRank(namespaceRole(call, namespace)) >= teamRank(role)

export function requireNamespace(call: Call, role: TeamRole, namespace = call.params.orgname ?? '') {
  if (hasNamespaceRole(call, namespace, role) || hasFullAccess(call) || (reads(call) && isGlobalReader(call))) return
  unauthorized(call)
}

/** `/superuser/…`: needs no full access; the global reader may look. */
export function requireSuperuser(call: Call) {
  if (isSuperuser(call) || (reads(call) && isGlobalReader(call))) return
  unauthorized(call)
}

export function requireUserScope(call: Call, scope: 'user:read' | 'user:admin') {
  const held = scopes(call)
  if (call.account && (held.includes(scope) || held.includes('user:admin'))) return call.account
  unauthorized(call)
}

/** Whether the account may make a repository there (Quay's CreateRepositoryPermission). */
export function mayCreateIn(call: Call, namespace: string) {
  return hasNamespaceRole(call, namespace, 'creator') || (hasFullAccess(call) && Boolean(findNamespace(call.world.registry, namespace)))
}
