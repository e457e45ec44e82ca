import { bodyOf } from './body.ts'
import { type Call, noContent, ok, param, type Route, route } from './call.ts'
import { dataModelError, invalidRequest, message, notFound, serverError, unauthorized } from './errors.ts'
import { findOrganization, findRobot, findTeam, findUser, rowsOf, teamsOf } from './lookup.ts'
import { requireName } from './names.ts'
import type { Organization, Team, TeamRole } from './registry.ts'
import { hasFullAccess, hasNamespaceRole, hasShortCut, isGlobalReader, requireNamespace } from './rights.ts'
import { team as newTeam } from './seed-parts.ts'
import { canSync, forbidSynced, syncView } from './team-sync.ts'
import { mayView, teamOf, teamView } from './team-view.ts'
import { log } from './usage-log.ts'
import { avatar, entity, truthy } from './views.ts'

export const teamRoutes: Route[] = [
  route('PUT /organization/{orgname}/team/{teamname}', putTeam),
  route('DELETE /organization/{orgname}/team/{teamname}', deleteTeam),
  route('GET /organization/{orgname}/team/{teamname}/members', listMembers),
  route('PUT /organization/{orgname}/team/{teamname}/members/{membername}', addMember),
  route('DELETE /organization/{orgname}/team/{teamname}/members/{membername}', removeMember),
  route('GET /organization/{orgname}/team/{teamname}/permissions', listPermissions),
  route('PUT /organization/{orgname}/team/{teamname}/invite/{email}', invite, 'MAILING'),
]

/** An upsert: on an existing team it changes role and description (docs/SECURITY.md rule 6). */
function putTeam(call: Call) {
  // Rights first, then the body: recorded/team-create-nonadmin.
  const { role, description } = bodyOf<{ role: TeamRole; description?: string }>(call)
  requireNamespace(call, 'admin')
  const name = param(call, 'teamname')
  const orgname = param(call, 'orgname')
  const organization = findOrganization(call.world.registry, orgname) ?? dataModelError(`Organization does not exist: ${orgname}`)
  const existing = findTeam(organization, name)
  if (!existing) return createTeam(call, organization, name, role, description ?? '')
  if (description !== undefined && description !== existing.description) {
    existing.description = description
    log(call, 'org_set_team_description', orgname, { team: name, description })
  }
  if (role !== existing.role) {
    if (isOnlyAdminTeam(call, organization, existing))
      dataModelError(`Cannot remove admin from team '${name}' because calling user would no longer have admin on org '${orgname}'`)
    existing.role = role
    log(call, 'org_set_team_role', orgname, { team: name, role })
  }
  return ok(teamView(call, existing, false))
}

function createTeam(call: Call, organization: Organization, name: string, role: TeamRole, description: string) {
  requireName('team name', name)
  const team = newTeam(call.world.registry.nextId++, name, role, [], description)
  organization.teams.push(team)
  log(call, 'org_create_team', organization.name, { team: name })
  return ok(teamView(call, team, true))
}

const adminTeams = (call: Call, organization: Organization) =>
  teamsOf(organization, call.account?.name ?? '').filter((one) => one.role === 'admin')

/** Whether the caller would lock himself out. It looks at him alone: a superuser walks past, and may leave nobody (docs/quay.md, Guards that look at the caller). */
function isOnlyAdminTeam(call: Call, organization: Organization, team: Team) {
  const own = adminTeams(call, organization)
  return own.length === 1 && own[0] === team
}

function deleteTeam(call: Call) {
  requireNamespace(call, 'admin')
  const name = param(call, 'teamname')
  const orgname = param(call, 'orgname')
  const { registry } = call.world
  const organization = findOrganization(registry, orgname)
  const team = organization && findTeam(organization, name)
  if (!organization || !team) dataModelError(`Team '${name}' is not a team in org '${orgname}'`)
  if (team.role === 'admin') requireOtherAdminTeam(call, organization, team)
  organization.teams = organization.teams.filter((one) => one !== team)
  organization.prototypes = organization.prototypes.filter(({ delegate }) => delegate.kind !== 'team' || delegate.name !== name)
  for (const repository of registry.repositories) if (repository.namespace === orgname) delete repository.teamPermissions[name]
  log(call, 'org_delete_team', orgname, { team: name })
  return noContent()
}

/** Quay looks at the first of the caller's admin teams without asking whether there is one: 500 for whoever is in none (docs/quay.md, Crashes). */
function requireOtherAdminTeam(call: Call, organization: Organization, team: Team) {
  if (adminTeams(call, organization).length === 0) serverError()
  if (!isOnlyAdminTeam(call, organization, team)) return
  const caller = call.account?.name ?? ''
  dataModelError(`Deleting team '${team.name}' would remove admin ability for user '${caller}' in organization '${organization.name}'`)
}

const memberView = (name: string) => {
  const { kind, is_robot, avatar: picture } = entity(name)
  return { name, kind, is_robot, avatar: picture, invited: false }
}

/** People who were invited, by e-mail or by name, and are no members yet. */
function invitesOf(call: Call, { invited = [] }: Team, isAdmin: boolean) {
  if (!isAdmin || !truthy(call.query.get('includePending'))) return []
  return invited.map((who) =>
    who.includes('@') ? { email: who, kind: 'invite', avatar: avatar(who, 'user'), invited: true } : { ...memberView(who), invited: true },
  )
}

function listMembers(call: Call) {
  const organization = findOrganization(call.world.registry, param(call, 'orgname'))
  const team = organization && findTeam(organization, param(call, 'teamname'))
  const isHis = hasNamespaceRole(call, param(call, 'orgname'), 'admin')
  const isAdmin = isHis || hasShortCut(call)
  if (!team) return isHis || hasFullAccess(call) || isGlobalReader(call) ? notFound(call) : unauthorized(call)
  if (!mayView(call, team)) unauthorized(call)
  return ok({
    name: team.name,
    members: [...team.members.map(memberView), ...invitesOf(call, team, isAdmin)],
    can_edit: isAdmin,
    ...canSync(call, isAdmin),
    ...syncView(call, team),
  })
}

function addMember(call: Call) {
  requireNamespace(call, 'admin')
  const { organization, team } = teamOf(call)
  const member = param(call, 'membername')
  const { registry } = call.world
  // A robot of another organisation is taken (docs/quay.md, rights matrix 14).
  if (!findUser(registry, member) && !findRobot(registry, member)) invalidRequest(call, 'Unknown user')
  if (!member.includes('+')) forbidSynced(call, team)
  if (needsInvite(call, organization, member)) return inviteMember(call, organization, team, member)
  if (team.members.includes(member)) dataModelError(`User ${member} is already a member of team ${team.name}`)
  team.members.push(member)
  log(call, 'org_add_team_member', organization.name, { member, team: team.name })
  return ok(memberView(member))
}

/** On in Quay's defaults, together with MAILING: who is no member of the organisation yet has to agree, and robots of others stay out. */
function needsInvite({ world: { registry } }: Call, organization: Organization, member: string) {
  if (!registry.features.MAILING || !registry.features.REQUIRE_TEAM_INVITE) return false
  const isForeign = member.includes('+') && !member.startsWith(`${organization.name}+`)
  if (isForeign) dataModelError('Cannot add the specified robot to this team, as it is not a member of the organization')
  return !member.includes('+') && teamsOf(organization, member).length === 0
}

function inviteMember(call: Call, organization: Organization, team: Team, member: string) {
  team.invited = [...(team.invited ?? []).filter((one) => one !== member), member]
  log(call, 'org_invite_team_member', organization.name, { user: member, member, team: team.name })
  return ok({ ...memberView(member), invited: true })
}

function removeMember(call: Call) {
  requireNamespace(call, 'admin')
  const { organization, team } = teamOf(call)
  const member = param(call, 'membername')
  const { registry } = call.world
  if (!findUser(registry, member) && !findRobot(registry, member)) notFound(call)
  if (!member.includes('+')) forbidSynced(call, team)
  if (team.invited?.includes(member)) return withdraw(call, organization, team, member)
  if (!team.members.includes(member)) message(400, `User ${member} does not belong to team ${team.name}`)
  forbidLastOwner(call, organization, team, member)
  team.members = team.members.filter((one) => one !== member)
  log(call, 'org_remove_team_member', organization.name, { member, team: team.name })
  return noContent()
}

// Leaving the organisation by DELETE …/members/<me> is possible where this is not (docs/quay.md, Rights).
function forbidLastOwner(call: Call, organization: Organization, team: Team, member: string) {
  if (member === call.account?.name && isOnlyAdminTeam(call, organization, team))
    dataModelError('User cannot remove themselves from their only admin team.')
}

/** Somebody who was merely invited is so no longer. */
function withdraw(call: Call, organization: Organization, team: Team, member: string) {
  team.invited = team.invited?.filter((one) => one !== member) ?? []
  log(call, 'org_delete_team_member_invite', organization.name, { user: member, team: team.name, member })
  return noContent()
}

function invite(call: Call) {
  requireNamespace(call, 'admin')
  const { organization, team } = teamOf(call)
  const email = param(call, 'email')
  team.invited = [...(team.invited ?? []).filter((one) => one !== email), email]
  log(call, 'org_invite_team_member', organization.name, { email, team: team.name, member: email })
  return ok({ email, kind: 'invite', avatar: avatar(email, 'user'), invited: true })
}

function listPermissions(call: Call) {
  requireNamespace(call, 'admin')
  const { organization, team } = teamOf(call)
  const permissions = rowsOf(call.world.registry).flatMap((repository) => {
    const role = repository.namespace === organization.name && repository.teamPermissions[team.name]
    return role ? [{ repository: { name: repository.name, is_public: repository.visibility === 'public' }, role }] : []
  })
  return ok({ permissions })
}
