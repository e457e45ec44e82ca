import { randomBytes, randomUUID } from 'node:crypto'
import { bodyOf } from './body.ts'
import { type Call, noContent, ok, param, type Route, route } from './call.ts'
import { dataModelError, invalidRequest, notFound } from './errors.ts'
import { findOrganization, findUser } from './lookup.ts'
import { badPassword, isEmail, isPassword, requireName } from './names.ts'
import { eraseNamespace } from './namespaces.ts'
import { page } from './paging.ts'
import { quotaParts } from './quota-view.ts'
import type { User } from './registry.ts'
import { requireSuperuser } from './rights.ts'
import { emptyUser } from './seed-parts.ts'
import { log } from './usage-log.ts'
import { avatar, truthy } from './views.ts'

export const userRoutes: Route[] = [
  route('GET /superuser/users/', listUsers, 'SUPER_USERS'),
  route('POST /superuser/users/', createUser, 'SUPER_USERS'),
  route('GET /superuser/users/{username}', getUser, 'SUPER_USERS'),
  route('PUT /superuser/users/{username}', changeUser, 'SUPER_USERS'),
  route('DELETE /superuser/users/{username}', deleteUser, 'SUPER_USERS'),
  route('POST /superusers/users/{username}/sendrecovery', sendRecovery, 'SUPER_USERS', 'MAILING'),
]

export function superuserView(call: Call, user: User, enabled = user.enabled) {
  return {
    kind: 'user',
    name: user.name,
    username: user.name,
    email: user.email,
    verified: user.verified,
    avatar: avatar(user.name, 'user', user.email ?? user.name),
    super_user: user.superuser,
    global_readonly_super_user: user.globalReader,
    enabled,
    ...quotaParts(call.world, user),
  }
}

/** Paged only with `limit`, 0 included, which never ends (docs/quay.md, Paging). */
function listUsers(call: Call) {
  requireSuperuser(call)
  const withDisabled = call.query.get('disabled') === null || truthy(call.query.get('disabled'))
  const users = call.world.registry.users.filter((user) => withDisabled || user.enabled)
  const { items, more } = limited(call, users)
  return ok({ users: items.map((user) => superuserView(call, user)), ...more })
}

export function limited<Item>(call: Call, items: Item[]) {
  const limit = call.query.get('limit')
  if (limit === null) return { items, more: {} }
  if (Number(limit) > 100 || Number(limit) < 0) invalidRequest(call, 'Page limit cannot be above 100')
  return page(call, items, Number(limit))
}

function createUser(call: Call) {
  const { registry } = call.world
  requireSuperuser(call)
  const { username, email = null } = bodyOf<{ username: string; email?: string }>(call)
  if (registry.authenticationType !== 'Database') invalidRequest(call, 'Cannot create a user in a non-database auth system')
  requireName('namespace', username)
  if (registry.features.MAILING && !isEmail(email ?? '')) dataModelError(`Invalid email address: ${email ?? 'None'}`)
  if (findOrganization(registry, username))
    dataModelError(`Username has already been taken by an organization and cannot be reused: ${username}`)
  if (findUser(registry, username)) dataModelError(`Username has already been taken by user cannot be reused: ${username}`)
  if (registry.deletedNames.includes(username)) dataModelError('Username is not available')
  // Without MAILING nobody checks: duplicates and nonsense are taken (docs/quay.md, Per area).
  if (registry.features.MAILING && registry.users.some((user) => user.email === email))
    dataModelError(`Email has already been used: ${email}`)
  const password = randomPassword()
  // Whoever has no address gets a uuid for one (docs/quay.md, Other).
  const address = email ?? randomUUID()
  const user = { ...emptyUser(registry.nextId++, username, address, call.world.now()), password, verified: !registry.features.MAILING }
  registry.users.push(user)
  log(call, 'user_create', username, { email, username, superuser: call.account?.name })
  return ok({ username, email, password, encrypted_password: randomBytes(64).toString('base64') })
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
export const randomPassword = (length = 32) => [...randomBytes(length)].map((byte) => alphabet[byte % alphabet.length]).join('')

const userOf = (call: Call) => findUser(call.world.registry, param(call, 'username')) ?? notFound(call)

function getUser(call: Call) {
  requireSuperuser(call)
  return ok(superuserView(call, userOf(call)))
}

function deleteUser(call: Call) {
  requireSuperuser(call)
  const user = userOf(call)
  if (user.superuser) invalidRequest(call, 'Cannot delete a superuser')
  eraseNamespace(call.world, user.name)
  log(call, 'user_delete', user.name, { username: user.name })
  return noContent()
}

function changeUser(call: Call) {
  requireSuperuser(call)
  const user = userOf(call)
  if (user.superuser) invalidRequest(call, 'Cannot update a superuser')
  const { password, email, enabled } = bodyOf<{ password?: string; email?: string; enabled?: boolean }>(call)
  // The answer still shows whether the account was enabled BEFORE the change (recorded/su-user-put-disable).
  const before = user.enabled
  if (password !== undefined) changePassword(call, user, password)
  if (email !== undefined) changeEmail(call, user, email)
  if (enabled !== undefined) changeEnabled(call, user, enabled)
  const secret = password === undefined ? {} : { encrypted_password: randomBytes(64).toString('base64') }
  return ok({ ...superuserView(call, user, before), ...secret })
}

const requireDatabase = (call: Call, what: string) => {
  if (call.world.registry.authenticationType !== 'Database') invalidRequest(call, `Cannot change ${what} in non-database auth`)
}

function changePassword(call: Call, user: User, password: string) {
  requireDatabase(call, 'password')
  if (!isPassword(password)) dataModelError(badPassword)
  user.password = password
  log(call, 'user_change_password', user.name, { username: user.name, superuser: call.account?.name })
}

// A conflict with somebody else's address is never reported (recorded/su-user-put-email-conflict).
function changeEmail(call: Call, user: User, email: string) {
  requireDatabase(call, 'e-mail')
  log(call, 'user_change_email', user.name, { old_email: user.email, email, superuser: call.account?.name })
  user.email = email
}

function changeEnabled(call: Call, user: User, enabled: boolean) {
  user.enabled = enabled
  log(call, enabled ? 'user_enable' : 'user_disable', user.name, { username: user.name, superuser: call.account?.name })
}

function sendRecovery(call: Call) {
  requireSuperuser(call)
  const user = userOf(call)
  if (user.superuser) invalidRequest(call, 'Cannot send a recovery email for a superuser')
  return ok({ email: user.email })
}
