import { bodyOf } from './body.ts'
import { type Call, noContent, ok, param, type Route, route } from './call.ts'
import { dataModelError, invalidRequest, notFound } from './errors.ts'
import { findOrganization, findRepository, findRobot, findTeam, findUser, fullName, splitName, teamsOf } from './lookup.ts'
import type { Role } from './repository-parts.ts'
import type { Repository } from './repository-state.ts'
import { requireRepository } from './rights.ts'
import { log } from './usage-log.ts'
import { avatar } from './views.ts'

export const permissionRoutes: Route[] = [
  route('GET /repository/{repository}/permissions/user/', listUsers),
  route('GET /repository/{repository}/permissions/user/{username}', getUser),
  route('PUT /repository/{repository}/permissions/user/{username}', putUser),
  route('DELETE /repository/{repository}/permissions/user/{username}', deleteUser),
  route('GET /repository/{repository}/permissions/user/{username}/transitive', getTransitive),
  route('GET /repository/{repository}/permissions/team/', listTeams),
  route('GET /repository/{repository}/permissions/team/{teamname}', getTeam),
  route('PUT /repository/{repository}/permissions/team/{teamname}', putTeam),
  route('DELETE /repository/{repository}/permissions/team/{teamname}', deleteTeam),
]

const target = (call: Call) => findRepository(call.world.registry, call.params.repository ?? '')

function userView(call: Call, { namespace }: Repository, name: string, role: Role) {
  const isRobot = name.includes('+')
  const organization = findOrganization(call.world.registry, namespace)
  const isMember = isRobot ? name.startsWith(`${namespace}+`) : organization && teamsOf(organization, name).length > 0
  return {
    role,
    name,
    is_robot: isRobot,
    avatar: avatar(name, isRobot ? 'robot' : 'user'),
    ...(organization && { is_org_member: Boolean(isMember) }),
  }
}

const teamView = (name: string, role: Role) => ({ role, name, avatar: avatar(name, 'team') })

/** An object by name, not a list; of a missing repository empty (docs/quay.md, Permission lists; Status codes). */
function listUsers(call: Call) {
  requireRepository(call, 'admin')
  const repository = target(call)
  const entries = repository
    ? Object.entries(repository.userPermissions).map(([name, role]) => [name, userView(call, repository, name, role)])
    : []
  return ok({ permissions: Object.fromEntries(entries) })
}

function getUser(call: Call) {
  requireRepository(call, 'admin')
  const name = param(call, 'username')
  const repository = target(call)
  const role = repository?.userPermissions[name]
  if (!repository || !role) dataModelError('User does not have permission for repo.')
  return ok(userView(call, repository, name, role))
}

function putUser(call: Call) {
  requireRepository(call, 'admin')
  const { role } = bodyOf<{ role: Role }>(call)
  const name = param(call, 'username')
  const { registry } = call.world
  const repository = target(call) ?? notFound(call)
  const { namespace } = repository
  if (name === namespace) invalidRequest(call, 'Namespace owner must always be admin.')
  if (!findUser(registry, name) && !findRobot(registry, name)) invalidRequest(call, `Invalid username: ${name}`)
  if (name.includes('+') && !name.startsWith(`${namespace}+`)) invalidRequest(call, `Cannot add robot ${name} under namespace ${namespace}`)
  repository.userPermissions[name] = role
  log(call, 'change_repo_permission', namespace, { username: name, repo: repository.name, namespace, role }, fullName(repository))
  return ok(userView(call, repository, name, role))
}

function deleteUser(call: Call) {
  requireRepository(call, 'admin')
  const name = param(call, 'username')
  const repository = target(call)
  if (!repository?.userPermissions[name]) invalidRequest(call, 'User does not have permission for repo.')
  if (name === repository.namespace) invalidRequest(call, 'Namespace owner must always be admin.')
  delete repository.userPermissions[name]
  log(
    call,
    'delete_repo_permission',
    repository.namespace,
    { username: name, repo: repository.name, namespace: repository.namespace },
    fullName(repository),
  )
  return noContent()
}

/** Roles held directly or through a team, and nothing else: an owner without an explicit grant gets 404 (docs/quay.md, Rights). */
function getTransitive(call: Call) {
  requireRepository(call, 'admin')
  const name = param(call, 'username')
  const repository = target(call) ?? notFound(call)
  const organization = findOrganization(call.world.registry, repository.namespace)
  const direct = repository.userPermissions[name]
  const teams = organization ? teamsOf(organization, name).flatMap((team) => repository.teamPermissions[team.name] ?? []) : []
  const roles = [...(direct ? [direct] : []), ...teams]
  if (roles.length === 0) notFound(call)
  return ok({ permissions: roles.map((role) => ({ role })) })
}

function listTeams(call: Call) {
  requireRepository(call, 'admin')
  const entries = Object.entries(target(call)?.teamPermissions ?? {}).map(([name, role]) => [name, teamView(name, role)])
  return ok({ permissions: Object.fromEntries(entries) })
}

function getTeam(call: Call) {
  requireRepository(call, 'admin')
  const role = target(call)?.teamPermissions[param(call, 'teamname')]
  if (!role) dataModelError('Team does not have permission for repo.')
  // Of a team only the role comes back (docs/quay.md, Per area).
  return ok({ role })
}

function putTeam(call: Call) {
  requireRepository(call, 'admin')
  const { role } = bodyOf<{ role: Role }>(call)
  const name = param(call, 'teamname')
  const { namespace } = splitName(call.params.repository ?? '')
  const organization = findOrganization(call.world.registry, namespace)
  if (!organization || !findTeam(organization, name)) invalidRequest(call, `No team ${name} in organization ${namespace}`)
  const repository = target(call) ?? notFound(call)
  repository.teamPermissions[name] = role
  log(call, 'change_repo_permission', namespace, { team: name, repo: repository.name, role }, fullName(repository))
  return ok(teamView(name, role))
}

function deleteTeam(call: Call) {
  requireRepository(call, 'admin')
  const name = param(call, 'teamname')
  const repository = target(call)
  if (!repository?.teamPermissions[name]) invalidRequest(call, 'Team does not have permission for repo.')
  delete repository.teamPermissions[name]
  log(call, 'delete_repo_permission', repository.namespace, { team: name, repo: repository.name }, fullName(repository))
  return noContent()
}
