import { randomUUID } from 'node:crypto'
import { bodyOf } from './body.ts'
import { type Call, noContent, ok, param, type Route, route } from './call.ts'
import { invalidRequest, notFound } from './errors.ts'
import { findOrganization, findRobot, findTeam, findUser, organizationOf, teamsOf } from './lookup.ts'
import type { Organization, Prototype } from './registry.ts'
import type { Role } from './repository-parts.ts'
import type { Repository } from './repository-state.ts'
import { requireNamespace } from './rights.ts'
import { log } from './usage-log.ts'
import { avatar, entity } from './views.ts'

// Default permissions: what every new repository of an organisation begins with.

export const prototypeRoutes: Route[] = [
  route('GET /organization/{orgname}/prototypes', listPrototypes),
  route('POST /organization/{orgname}/prototypes', createPrototype),
  route('PUT /organization/{orgname}/prototypes/{prototypeid}', changePrototype),
  route('DELETE /organization/{orgname}/prototypes/{prototypeid}', deletePrototype),
]

/** Those bound to another creator are skipped, so that what the bot creates lacks the person's own (docs/quay.md, Rights). */
export function applyPrototypes(call: Call, repository: Repository) {
  const organization = findOrganization(call.world.registry, repository.namespace)
  for (const { role, activatingUser, delegate } of organization?.prototypes ?? []) {
    if (activatingUser !== null && activatingUser !== call.account?.name) continue
    const grants = delegate.kind === 'team' ? repository.teamPermissions : repository.userPermissions
    // The creator stays admin whatever his default says.
    if (delegate.kind === 'team' || delegate.name !== call.account?.name) grants[delegate.name] = role
  }
}

function personView(organization: Organization, name: string) {
  return { ...entity(name), is_org_member: name.includes('+') || teamsOf(organization, name).length > 0 }
}

function view(organization: Organization, { id, role, activatingUser, delegate }: Prototype) {
  const team = () => ({ kind: 'team', name: delegate.name, avatar: avatar(delegate.name, 'team') })
  return {
    activating_user: activatingUser === null ? null : personView(organization, activatingUser),
    delegate: delegate.kind === 'team' ? team() : personView(organization, delegate.name),
    role,
    id,
  }
}

function listPrototypes(call: Call) {
  requireNamespace(call, 'admin')
  const organization = organizationOf(call)
  return ok({ prototypes: organization.prototypes.map((one) => view(organization, one)) })
}

interface NewPrototype {
  role: Role
  activating_user?: { name: string }
  delegate: { kind: 'user' | 'team'; name: string }
}

function createPrototype(call: Call) {
  const { role, activating_user, delegate } = bodyOf<NewPrototype>(call)
  requireNamespace(call, 'admin')
  const organization = organizationOf(call)
  const { registry } = call.world
  if (activating_user && !findUser(registry, activating_user.name)) invalidRequest(call, 'Unknown activating user')
  const { kind, name } = delegate
  const exists = kind === 'team' ? findTeam(organization, name) : (findUser(registry, name) ?? findRobot(registry, name))
  if (!exists) invalidRequest(call, 'Missing delegate user or team')
  const prototype: Prototype = { id: randomUUID(), role, activatingUser: activating_user?.name ?? null, delegate: { kind, name } }
  organization.prototypes.push(prototype)
  log(call, 'create_prototype_permission', organization.name, metadata(call, prototype))
  return ok(view(organization, prototype))
}

function metadata(call: Call, { id, role, activatingUser, delegate }: Prototype, more: Record<string, unknown> = {}) {
  return {
    prototypeid: id,
    username: call.account?.name,
    activating_username: activatingUser,
    role,
    ...more,
    [`delegate_${delegate.kind}`]: delegate.name,
  }
}

function prototypeOf(call: Call) {
  const organization = organizationOf(call)
  const prototype = organization.prototypes.find(({ id }) => id === param(call, 'prototypeid')) ?? notFound(call)
  return { organization, prototype }
}

function changePrototype(call: Call) {
  const { role } = bodyOf<{ role: Role }>(call)
  requireNamespace(call, 'admin')
  const { organization, prototype } = prototypeOf(call)
  const before = prototype.role
  prototype.role = role
  log(call, 'modify_prototype_permission', organization.name, metadata(call, prototype, { original_role: before }))
  return ok(view(organization, prototype))
}

function deletePrototype(call: Call) {
  requireNamespace(call, 'admin')
  const { organization, prototype } = prototypeOf(call)
  organization.prototypes = organization.prototypes.filter((one) => one !== prototype)
  log(call, 'delete_prototype_permission', organization.name, metadata(call, prototype))
  return noContent()
}
