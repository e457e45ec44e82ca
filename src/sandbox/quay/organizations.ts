import { bodyOf } from './body.ts'
import { type Call, created, noContent, ok, param, type Route, route } from './call.ts'
import { dataModelError, invalidRequest, notFound, serverError, unauthorized } from './errors.ts'
import { findNamespace, findOrganization, findUser, organizationOf } from './lookup.ts'
import { flawOfName, isEmail } from './names.ts'
import { eraseNamespace, renameNamespace } from './namespaces.ts'
import { quotaParts } from './quota-view.ts'
import type { Organization, Team } from './registry.ts'
import { has } from './release.ts'
import {
  hasNamespaceRole,
  isGlobalReader,
  isRestricted,
  isSeenAsAdmin,
  isSuperuser,
  requireNamespace,
  requireSuperuser,
  requireUserScope,
} from './rights.ts'
import { emptyOrganization, team } from './seed-parts.ts'
import { log } from './usage-log.ts'
import { limited } from './users.ts'
import { avatar } from './views.ts'

export const organizationRoutes: Route[] = [
  route('POST /organization/', createOrganization),
  route('GET /organization/{orgname}', getOrganization),
  route('PUT /organization/{orgname}', changeOrganization),
  route('DELETE /organization/{orgname}', deleteOrganization),
  route('GET /superuser/organizations/', listOrganizations, 'SUPER_USERS'),
  route('PUT /superuser/organizations/{name}', renameOrganization, 'SUPER_USERS'),
  route('DELETE /superuser/organizations/{name}', superuserDelete, 'SUPER_USERS'),
  route('POST /superuser/takeownership/{namespace}', takeOwnership, 'SUPER_USERS'),
]

function createOrganization(call: Call) {
  const account = requireUserScope(call, 'user:admin')
  const { registry } = call.world
  const body = bodyOf<{ name: string; email?: string; contact_email?: string }>(call)
  const { name } = body
  const email = body.contact_email ?? body.email ?? null
  if (registry.features.SUPERUSERS_ORG_CREATION_ONLY && !isSuperuser(call)) unauthorized(call)
  if (isRestricted(call)) unauthorized(call)
  if (findNamespace(registry, name)) invalidRequest(call, 'A user or organization with this name already exists')
  const flaw = flawOfName(name)
  if (flaw) invalidRequest(call, `Invalid namespace ${name}: ${flaw}`)
  if (registry.deletedNames.includes(name)) invalidRequest(call, 'Username is not available')
  if (registry.features.MAILING && email === null && !has(registry, 'contactEmail')) invalidRequest(call, 'Email address is required')
  if (body.contact_email !== undefined && !isEmail(body.contact_email)) invalidRequest(call, 'Invalid email address')
  const organization = emptyOrganization(registry.nextId++, name, email, call.world.now())
  // Its first and only owner is who asked: with the bot's token that is the bot (docs/SECURITY.md rule 4).
  organization.teams.push(team(registry.nextId++, 'owners', 'admin', [account.name]))
  registry.organizations.push(organization)
  log(call, 'org_create', name, { email, namespace: name })
  return created('Created')
}

function getOrganization(call: Call) {
  return ok(organizationView(call, organizationOf(call)))
}

/** Everybody may look, even without an account; only the content differs (docs/quay.md, rights matrix 3). */
export function organizationView(call: Call, organization: Organization) {
  const { name, email, invoiceEmail, invoiceEmailAddress, tagExpiration } = organization
  const seesAll = isGlobalReader(call) || isSeenAsAdmin(call)
  const isAdmin = hasNamespaceRole(call, name, 'admin') || seesAll
  const isMember = hasNamespaceRole(call, name, 'member') || seesAll
  return {
    name,
    email: isAdmin ? (email ?? '') : '',
    avatar: avatar(name, 'user', email ?? name),
    is_admin: isAdmin,
    is_member: isMember,
    ...(isMember && { teams: teamsView(call, organization, isAdmin), ordered_teams: organization.teams.map((one) => one.name) }),
    ...(isAdmin && {
      invoice_email: invoiceEmail,
      invoice_email_address: invoiceEmailAddress,
      tag_expiration_s: tagExpiration,
      is_free_account: true,
    }),
    ...(isMember && quotaParts(call.world, organization)),
  }
}

function teamsView(call: Call, organization: Organization, isAdmin: boolean) {
  const own = call.world.registry.repositories.filter(({ namespace }) => namespace === organization.name)
  const view = (one: Team) => ({
    name: one.name,
    description: one.description,
    role: one.role,
    avatar: avatar(one.name, 'team'),
    can_view: isAdmin || one.members.includes(call.account?.name ?? ''),
    repo_count: own.filter((repository) => repository.teamPermissions[one.name]).length,
    member_count: one.members.length,
    is_synced: Boolean(one.sync),
  })
  return Object.fromEntries(organization.teams.map((one) => [one.name, view(one)]))
}

interface Details {
  email?: string
  invoice_email?: boolean
  invoice_email_address?: string | null
  tag_expiration_s?: number
}
// TAG_EXPIRATION_OPTIONS of Quay's default configuration.
const tagExpirations = [0, 86_400, 604_800, 1_209_600, 2_419_200]

function changeOrganization(call: Call) {
  const details = bodyOf<Details>(call)
  requireNamespace(call, 'admin')
  const organization = organizationOf(call)
  const { name } = organization
  if (details.invoice_email !== undefined) {
    organization.invoiceEmail = details.invoice_email
    log(call, 'org_change_invoicing', name, { invoice_email: details.invoice_email, namespace: name })
  }
  if (details.invoice_email_address !== undefined && details.invoice_email_address !== organization.invoiceEmailAddress) {
    organization.invoiceEmailAddress = details.invoice_email_address
    log(call, 'org_change_invoicing', name, { invoice_email_address: details.invoice_email_address, namespace: name })
  }
  if (details.email !== undefined && details.email !== organization.email) changeEmail(call, organization, details.email)
  if (details.tag_expiration_s !== undefined) changeTagExpiration(call, organization, details.tag_expiration_s)
  return ok(organizationView(call, organization))
}

function changeEmail(call: Call, organization: Organization, email: string) {
  if (call.world.registry.users.some((user) => user.email === email)) invalidRequest(call, 'E-mail address already used')
  log(call, 'org_change_email', organization.name, { email, namespace: organization.name, old_email: organization.email })
  organization.email = email
}

function changeTagExpiration(call: Call, organization: Organization, tagExpiration: number) {
  if (!tagExpirations.includes(tagExpiration)) dataModelError('Invalid tag expiration option')
  organization.tagExpiration = tagExpiration
  log(call, 'org_change_tag_expiration', organization.name, { tag_expiration: tagExpiration, namespace: organization.name })
}

function deleteOrganization(call: Call) {
  requireNamespace(call, 'admin')
  const { name } = organizationOf(call)
  log(call, 'org_delete', name, { namespace: name })
  eraseNamespace(call.world, name)
  return noContent()
}

function listOrganizations(call: Call) {
  requireSuperuser(call)
  const { items, more } = limited(call, call.world.registry.organizations)
  return ok({ organizations: items.map((one) => superuserView(call, one)), ...more })
}

function superuserView(call: Call, organization: Organization) {
  const { name, email } = organization
  return { name, email, avatar: avatar(name, 'user', email ?? name), ...quotaParts(call.world, organization) }
}

// Real Quay breaks with 500 on a missing organisation and on a taken name (docs/quay.md, Errors).
function renameOrganization(call: Call) {
  requireSuperuser(call)
  const { name: next = null } = bodyOf<{ name?: string }>(call)
  const organization = findOrganization(call.world.registry, param(call, 'name')) ?? serverError()
  log(call, 'org_change_name', organization.name, { old_name: organization.name, new_name: next, superuser: call.account?.name })
  if (next !== null && next !== organization.name) {
    const flaw = flawOfName(next)
    if (flaw) dataModelError(`Invalid username ${next}: ${flaw}`)
    if (findNamespace(call.world.registry, next)) serverError()
    renameNamespace(call.world, organization.name, next)
  }
  return ok(superuserView(call, organization))
}

function superuserDelete(call: Call) {
  requireSuperuser(call)
  const organization = findOrganization(call.world.registry, param(call, 'name')) ?? notFound(call)
  log(call, 'org_delete', organization.name, { namespace: organization.name })
  eraseNamespace(call.world, organization.name)
  return noContent()
}

/** Makes the superuser an owner; a user is turned into an organisation for that (docs/quay.md, Per area). */
function takeOwnership(call: Call) {
  requireSuperuser(call)
  const { registry } = call.world
  const taker = call.account?.name ?? ''
  const name = param(call, 'namespace')
  const user = findUser(registry, name)
  if (user?.superuser) invalidRequest(call, 'Cannot take ownership of a superuser')
  if (!user && !findOrganization(registry, name)) notFound(call)
  if (user) {
    registry.users = registry.users.filter((one) => one !== user)
    const organization = {
      ...emptyOrganization(user.id, name, user.email, user.created),
      quotas: user.quotas,
      prunePolicies: user.prunePolicies,
    }
    registry.organizations.push({ ...organization, teams: [team(registry.nextId++, 'owners', 'admin', [])] })
  }
  const organization = findOrganization(registry, name) ?? notFound(call)
  const owners = organization.teams.find((one) => one.role === 'admin') ?? serverError()
  if (!owners.members.includes(taker)) owners.members.push(taker)
  log(call, 'take_ownership', taker, { entity_id: organization.id, namespace: name, was_user: Boolean(user), superuser: taker })
  return ok({ namespace: name })
}
