import { type Call, noContent, ok, param, type Route, route } from './call.ts'
import { dataModelError, notFound } from './errors.ts'
import { findUser, organizationOf, peopleOf, rowsOf, teamsOf } from './lookup.ts'
import type { Organization } from './registry.ts'
import type { Repository } from './repository-state.ts'
import { requireNamespace } from './rights.ts'
import { avatar } from './views.ts'

export const memberRoutes: Route[] = [
  route('GET /organization/{orgname}/members', listMembers),
  route('GET /organization/{orgname}/members/{membername}', getMember),
  route('DELETE /organization/{orgname}/members/{membername}', removeMember),
  route('GET /organization/{orgname}/collaborators', listCollaborators),
]

/** The rows of one organization, found once for all who are asked for: a company has 20,000 of them. */
const rowsIn = (call: Call, organization: Organization) =>
  rowsOf(call.world.registry).filter(({ namespace }) => namespace === organization.name)

const repositoriesOf = (rows: Repository[], name: string) => rows.filter((one) => one.userPermissions[name]).map((one) => one.name)

function memberView(rows: Repository[], organization: Organization, name: string) {
  const teams = teamsOf(organization, name).map((team) => ({ name: team.name, avatar: avatar(team.name, 'team') }))
  return { name, kind: 'user', avatar: avatar(name, 'user'), teams, repositories: repositoriesOf(rows, name) }
}

function listMembers(call: Call) {
  requireNamespace(call, 'admin')
  const organization = organizationOf(call)
  const rows = rowsIn(call, organization)
  return ok({ members: peopleOf(call.world.registry, organization).map((user) => memberView(rows, organization, user.name)) })
}

function getMember(call: Call) {
  requireNamespace(call, 'admin')
  const organization = organizationOf(call)
  const name = param(call, 'membername')
  if (!findUser(call.world.registry, name)) notFound(call)
  const view = memberView(rowsIn(call, organization), organization, name)
  // Only members have one: a person with permissions alone is a collaborator.
  if (view.teams.length === 0) notFound(call)
  return ok(view)
}

/** Out of every team and every repository of the organisation, without a usage-log entry; again and again 204. */
function removeMember(call: Call) {
  requireNamespace(call, 'admin')
  const organization = organizationOf(call)
  const name = param(call, 'membername')
  if (!findUser(call.world.registry, name)) notFound(call)
  // Robots do not count as admins.
  const admins = organization.teams
    .filter((team) => team.role === 'admin')
    .flatMap((team) => team.members.filter((one) => !one.includes('+')))
  if (new Set(admins).size === 1 && admins[0] === name) dataModelError('Cannot remove user as they are the only organization admin')
  for (const team of organization.teams) team.members = team.members.filter((member) => member !== name)
  for (const repository of rowsOf(call.world.registry))
    if (repository.namespace === organization.name) delete repository.userPermissions[name]
  return noContent()
}

function listCollaborators(call: Call) {
  requireNamespace(call, 'admin')
  const organization = organizationOf(call)
  const rows = rowsIn(call, organization)
  const members = new Set(peopleOf(call.world.registry, organization))
  const outside = call.world.registry.users.filter((user) => !members.has(user) && repositoriesOf(rows, user.name).length > 0)
  const view = ({ name }: { name: string }) => ({
    kind: 'user',
    name,
    avatar: avatar(name, 'user'),
    repositories: repositoriesOf(rows, name),
  })
  return ok({ collaborators: outside.map(view) })
}
