import { randomUUID } from 'node:crypto'
import { bodyOf } from './body.ts'
import { type Call, noContent, ok, param, type Route, route } from './call.ts'
import { notFound, unauthorized } from './errors.ts'
import type { AppToken } from './registry.ts'
import { hasFullAccess, isGlobalReader, requireUserScope } from './rights.ts'
import { log } from './usage-log.ts'
import { randomPassword } from './users.ts'
import { rfc2822, rfc2822OrNull, truthy } from './views.ts'

// Passwords that people make for their tools.

export const appTokenRoutes: Route[] = [
  route('GET /user/apptoken', listTokens, 'APP_SPECIFIC_TOKENS'),
  route('POST /user/apptoken', createToken, 'APP_SPECIFIC_TOKENS'),
  route('GET /user/apptoken/{token_uuid}', (call) => ok({ token: withCode(tokenOf(call).token) }), 'APP_SPECIFIC_TOKENS'),
  route('DELETE /user/apptoken/{token_uuid}', revokeToken, 'APP_SPECIFIC_TOKENS'),
  route('GET /superuser/apptokens', listAll, 'SUPER_USERS', 'APP_SPECIFIC_TOKENS'),
]

const view = ({ uuid, title, lastAccessed, created, expiration }: AppToken) => ({
  uuid,
  title,
  last_accessed: rfc2822OrNull(lastAccessed),
  created: rfc2822(created),
  expiration: rfc2822OrNull(expiration),
})
const withCode = (token: AppToken) => ({ ...view(token), token_code: token.token })

const onlyExpiring = (call: Call) => (call.query.get('expiring') === null ? null : truthy(call.query.get('expiring')))

function listTokens(call: Call) {
  const { appTokens } = requireUserScope(call, 'user:admin')
  return ok({ tokens: appTokens.map(view), only_expiring: onlyExpiring(call) })
}

function createToken(call: Call) {
  const user = requireUserScope(call, 'user:admin')
  const { title } = bodyOf<{ title: string }>(call)
  const created = call.world.now()
  const token: AppToken = { uuid: randomUUID(), title, token: randomPassword(120), created, lastAccessed: null, expiration: null }
  user.appTokens.push(token)
  log(call, 'create_app_specific_token', user.name, { app_specific_token_title: title, app_specific_token: token.uuid })
  return ok({ token: withCode(token) })
}

function tokenOf(call: Call) {
  const user = requireUserScope(call, 'user:admin')
  return { user, token: user.appTokens.find(({ uuid }) => uuid === param(call, 'token_uuid')) ?? notFound(call) }
}

function revokeToken(call: Call) {
  const { user, token } = tokenOf(call)
  user.appTokens = user.appTokens.filter((one) => one !== token)
  log(call, 'revoke_app_specific_token', user.name, { app_specific_token_title: token.title, app_specific_token: token.uuid })
  return noContent()
}

/** The one superuser list that full access decides (docs/quay.md, rights matrix 13). */
function listAll(call: Call) {
  if (!hasFullAccess(call) && !isGlobalReader(call)) unauthorized(call)
  return ok({ tokens: call.world.registry.users.flatMap((user) => user.appTokens).map(view), only_expiring: onlyExpiring(call) })
}
