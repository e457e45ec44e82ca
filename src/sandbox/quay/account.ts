import { randomBytes, randomUUID } from 'node:crypto'
import { bodyOf } from './body.ts'
import { type Call, noContent, ok, param, type Route, route } from './call.ts'
import { dataModelError, invalidRequest, message, notFound, unauthorized } from './errors.ts'
import { findNamespace, findUser, teamsOf } from './lookup.ts'
import { badPassword, isPassword, requireName } from './names.ts'
import { eraseNamespace, renameNamespace } from './namespaces.ts'
import { quotaParts } from './quota-view.ts'
import type { Organization, User } from './registry.ts'
import { hasNamespaceRole, isSeenAsAdmin, mayCreateIn, requireUserScope } from './rights.ts'
import { emptyUser } from './seed-parts.ts'
import { log } from './usage-log.ts'
import { avatar } from './views.ts'

// The caller's own account. The bot never calls these: they would act on the bot (docs/SECURITY.md rule 4).

export const accountRoutes: Route[] = [
  route('GET /user/', getSelf),
  route('PUT /user/', changeSelf),
  route('POST /user/', createUser, 'USER_CREATION'),
  route('DELETE /user/', deleteSelf),
  route('POST /user/clientkey', clientKey),
  route('GET /users/{username}', getSomebody),
  { ...route('POST /user/initialize', initialize, 'USER_INITIALIZE'), isOpen: true },
  route('POST /signin', (call) => unauthorized(call)),
]

/** Without the scope 401 with an extra key, not 403 (docs/quay.md, Authentication). */
function getSelf(call: Call) {
  const held = call.token?.scopes ?? []
  if (call.account && (held.includes('user:read') || held.includes('user:admin'))) return ok(selfView(call, call.account))
  unauthorized({ ...call, account: undefined }, { session_required: false })
}

/** What only `user:admin` shows, in Quay's source (endpoints/api/user.py, user_view): its recordings have every scope. */
function selfView(call: Call, user: User) {
  const isAdmin = call.token === undefined || call.token.scopes.includes('user:admin')
  return {
    anonymous: false,
    username: user.name,
    avatar: avatar(user.name, 'user', user.email ?? user.name),
    ...(isAdmin && {
      can_create_repo: true,
      is_me: true,
      verified: user.verified,
      email: user.email,
      logins: [],
      invoice_email: user.invoiceEmail,
      invoice_email_address: user.invoiceEmailAddress,
      preferred_namespace: false,
      tag_expiration_s: user.tagExpiration,
      prompts: [],
      company: user.company,
      family_name: user.familyName,
      given_name: user.givenName,
      location: user.location,
      is_free_account: true,
      has_password_set: true,
      ...quotaParts(call.world, user),
    }),
    organizations: organizationsOf(call, user.name).map((one) => membershipView(call, one, isAdmin)),
    ...(user.superuser && { super_user: true }),
    ...(user.globalReader && { global_readonly_super_user: true }),
  }
}

const organizationsOf = (call: Call, name: string) => call.world.registry.organizations.filter((one) => teamsOf(one, name).length > 0)

/** The roles are those that the token's scopes leave. */
function membershipView(call: Call, organization: Organization, isAdmin: boolean) {
  return {
    name: organization.name,
    avatar: avatar(organization.name, 'org'),
    can_create_repo: mayCreateIn(call, organization.name),
    public: false,
    ...(isAdmin && { is_org_admin: hasNamespaceRole(call, organization.name, 'admin') || isSeenAsAdmin(call), preferred_namespace: false }),
  }
}

/** Somebody else shows only a name; the caller all of himself. Organisations and robots are not found. */
function getSomebody(call: Call) {
  const user = findUser(call.world.registry, param(call, 'username'))
  if (!user)
    message(404, 'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.')
  if (user === call.account) return ok(selfView(call, user))
  return ok({ anonymous: false, username: user.name, avatar: avatar(user.name, 'user', user.email ?? user.name), ...superuserMark(call) })
}

const superuserMark = (call: Call) => (call.account?.superuser ? { super_user: false } : {})

interface Details {
  username?: string
  password?: string
  email?: string
  invoice_email?: boolean
  tag_expiration_s?: number
  given_name?: string | null
  family_name?: string | null
  company?: string | null
  location?: string | null
}

function changeSelf(call: Call) {
  const user = requireUserScope(call, 'user:admin')
  const details = bodyOf<Details>(call)
  if (details.password !== undefined) {
    if (!isPassword(details.password)) invalidRequest(call, badPassword)
    user.password = details.password
    log(call, 'user_change_password', user.name, {})
  }
  // MAILING would first ask the new address; without it any address is taken at once (docs/quay.md, Rights).
  if (details.email !== undefined && details.email !== user.email) {
    log(call, 'user_change_email', user.name, { email: details.email, old_email: user.email })
    user.email = details.email
  }
  if (details.tag_expiration_s !== undefined) user.tagExpiration = details.tag_expiration_s
  if (details.invoice_email !== undefined) user.invoiceEmail = details.invoice_email
  changeMetadata(call, user, details)
  if (details.username === undefined || details.username === user.name) return ok(selfView(call, user))
  renameSelf(call, user, details.username)
  // After a rename the list of organisations is missing (recorded/user-put-username).
  const { organizations: _, ...rest } = selfView(call, user)
  return ok(rest)
}

function changeMetadata(call: Call, user: User, { given_name, family_name, company, location }: Details) {
  const given = Object.entries({ given_name, family_name, company, location }).filter(([, value]) => value !== undefined)
  if (given.length === 0) return
  if (given_name !== undefined) user.givenName = given_name
  if (family_name !== undefined) user.familyName = family_name
  if (company !== undefined) user.company = company
  if (location !== undefined) user.location = location
  log(call, 'user_change_metadata', user.name, Object.fromEntries(given))
}

function renameSelf(call: Call, user: User, username: string) {
  if (!call.world.registry.features.USER_RENAME) return
  if (findNamespace(call.world.registry, username)) invalidRequest(call, 'Username is already in use')
  requireName('username', username)
  const before = user.name
  renameNamespace(call.world, before, username)
  log(call, 'user_change_name', username, { old_username: before })
}

function createUser(call: Call) {
  const { username, password, email = null } = bodyOf<{ username: string; password: string; email?: string }>(call)
  const { registry } = call.world
  if (findNamespace(registry, username)) invalidRequest(call, 'The username already exists')
  requireName('namespace', username)
  if (!isPassword(password)) dataModelError(badPassword)
  const address = email ?? randomUUID()
  const user = { ...emptyUser(registry.nextId++, username, address, call.world.now()), password, verified: !registry.features.MAILING }
  registry.users.push(user)
  log({ ...call, account: user }, 'user_create', username, { email, username })
  return ok({ ...selfView(call, user), prompts: ['enter_name', 'enter_company'] })
}

function deleteSelf(call: Call) {
  const { name } = requireUserScope(call, 'user:admin')
  eraseNamespace(call.world, name)
  return noContent()
}

function clientKey(call: Call) {
  const user = requireUserScope(call, 'user:admin')
  const { password } = bodyOf<{ password: string }>(call)
  if (user.password !== null && user.password !== password) invalidRequest(call, 'Invalid Username or Password')
  log(call, 'user_generate_client_key', user.name, {})
  return ok({ key: randomBytes(48).toString('base64') })
}

function initialize(call: Call) {
  if (call.world.registry.users.length > 0) message(400, 'Cannot initialize user in a non-empty database')
  return notFound(call)
}
