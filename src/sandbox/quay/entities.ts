import { type Call, ok, param, type Route, route } from './call.ts'
import { apiException, refuse } from './errors.ts'
import { findOrganization, findUser, teamsOf } from './lookup.ts'
import type { Organization } from './registry.ts'
import { hasFullAccess, hasNamespaceRole } from './rights.ts'
import { emptyUser } from './seed-parts.ts'
import { avatar, entity, truthy } from './views.ts'

export const entityRoutes: Route[] = [route('GET /entities/{prefix}', findEntities), route('POST /entities/link/{username}', linkExternal)]

/** What a field for a person offers. Teams and robots come to members of the namespace only (docs/quay.md, rights matrix 15). */
function findEntities(call: Call) {
  const prefix = param(call, 'prefix')
  const { registry } = call.world
  const namespace = call.query.get('namespace') ?? ''
  const organization = findOrganization(registry, namespace)
  const isMember = hasNamespaceRole(call, namespace, 'member') || (hasFullAccess(call) && organization !== undefined)
  const results = [
    ...(organization && isMember && truthy(call.query.get('includeTeams')) ? teamResults(organization, prefix) : []),
    ...(truthy(call.query.get('includeOrgs')) ? organizationResults(call, prefix) : []),
    ...users(call, prefix).map((name) => ({
      ...entityView(name),
      ...(organization && { is_org_member: teamsOf(organization, name).length > 0 }),
    })),
    ...(isMember ? robots(call, namespace, prefix) : []),
    ...(registry.authenticationType === 'LDAP' ? externals(call, prefix) : []),
  ]
  return ok({ results: results.slice(0, 10) })
}

const entityView = (name: string) => {
  const { kind, is_robot, avatar: picture } = entity(name)
  return { name, kind, is_robot, avatar: picture }
}

const users = (call: Call, prefix: string) =>
  call.world.registry.users.filter((user) => user.enabled && user.name.startsWith(prefix)).map((user) => user.name)

function teamResults(organization: Organization, prefix: string) {
  const found = organization.teams.filter(({ name }) => name.startsWith(prefix))
  return found.map(({ name }) => ({ name, kind: 'team', is_org_member: true, avatar: avatar(name, 'team') }))
}

/** Only organisations the caller administers. */
function organizationResults(call: Call, prefix: string) {
  const { organizations } = call.world.registry
  const mine = organizations.filter(({ name }) => name.startsWith(prefix) && (hasNamespaceRole(call, name, 'admin') || hasFullAccess(call)))
  return mine.map(({ name }) => ({ name, kind: 'org', is_org_member: true, avatar: avatar(name, 'org') }))
}

/** By the part behind the plus. */
function robots(call: Call, namespace: string, prefix: string) {
  const found = call.world.registry.robots.filter((one) => one.namespace === namespace)
  const fitting = found.filter(({ name }) => name.split('+')[1]?.startsWith(prefix))
  return fitting.map(({ name }) => ({ ...entityView(name), is_org_member: true }))
}

/** People of the directory who never signed in yet. */
function externals(call: Call, prefix: string) {
  const unknown = call.world.registry.ldapPeople.filter(
    ({ username }) => username.startsWith(prefix) && !findUser(call.world.registry, username),
  )
  return unknown.map(({ username, email }) => ({ name: username, kind: 'external', title: email, avatar: avatar(username, 'user', email) }))
}

/** Makes an account for somebody of the directory. */
function linkExternal(call: Call) {
  const { registry, now } = call.world
  const username = param(call, 'username')
  const person = registry.ldapPeople.find((one) => one.username === username)
  if (!person) refuse(apiException(call.world, 400, 'invalid_request', 'Invalid username or password.', { username }))
  if (!findUser(registry, username)) registry.users.push(emptyUser(registry.nextId++, username, person.email, now()))
  return ok({ entity: entityView(username) })
}
