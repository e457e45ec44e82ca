import { type Call, param } from './call.ts'
import { notFound } from './errors.ts'
import { findOrganization, findTeam } from './lookup.ts'
import type { Organization, Team } from './registry.ts'
import { hasFullAccess, hasNamespaceRole, hasShortCut, isGlobalReader } from './rights.ts'
import { avatar } from './views.ts'

/** Whether the caller sees the team's members and the like. */
export function mayView(call: Call, team: Team, asSuperuser = hasFullAccess(call)) {
  const organization = call.params.orgname ?? ''
  if (hasNamespaceRole(call, organization, 'admin') || asSuperuser || isGlobalReader(call)) return true
  // The scope has to carry it too: a token without org:admin sees no team (test/recorded/quay/scope-matrix.json).
  return team.members.includes(call.account?.name ?? '') && hasNamespaceRole(call, organization, 'member')
}

/** Organisation and team of the path; 404 when one is missing. */
export function teamOf(call: Call): { organization: Organization; team: Team } {
  const organization = findOrganization(call.world.registry, param(call, 'orgname')) ?? notFound(call)
  return { organization, team: findTeam(organization, param(call, 'teamname')) ?? notFound(call) }
}

export function teamView(call: Call, team: Team, isNew: boolean) {
  const canView = mayView(call, team, hasShortCut(call))
  return {
    name: team.name,
    description: team.description,
    can_view: canView,
    role: team.role,
    avatar: avatar(team.name, 'team'),
    new_team: isNew,
  }
}
