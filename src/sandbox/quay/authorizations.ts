import { type Call, noContent, ok, param, type Route, route } from './call.ts'
import { notFound } from './errors.ts'
import type { Token } from './registry.ts'
import { requireUserScope } from './rights.ts'
import { avatar } from './views.ts'

// The applications that a person let in.

export const authorizationRoutes: Route[] = [
  route('GET /user/authorizations', (call) => ok({ authorizations: tokensOf(call).map((token) => view(call, token)) })),
  route('GET /user/authorizations/{access_token_uuid}', (call) => ok(view(call, tokenOf(call)))),
  route('DELETE /user/authorizations/{access_token_uuid}', revoke),
  route(
    'GET /user/assignedauthorization',
    (call) => ok({ authorizations: requireUserScope(call, 'user:admin') && [] }),
    'ASSIGN_OAUTH_TOKEN',
  ),
]

const titles: Record<string, [title: string, icon: string, dangerous: boolean]> = {
  'repo:read': ['View all visible repositories', 'fa-hdd-o', false],
  'repo:write': ['Read/Write to any accessible repositories', 'fa-hdd-o', false],
  'repo:admin': ['Administer Repositories', 'fa-hdd-o', false],
  'repo:create': ['Create Repositories', 'fa-plus', false],
  'user:read': ['Read User Information', 'fa-user', false],
  'user:admin': ['Administer User', 'fa-gear', true],
  'org:admin': ['Administer Organization', 'fa-gear', true],
  'super:user': ['Super User Access', 'fa-street-view', true],
}

const tokensOf = (call: Call) => {
  const { name } = requireUserScope(call, 'user:admin')
  return call.world.registry.tokens.filter((token) => token.account === name && !token.revoked)
}

function view(call: Call, { uuid, scopes, application: { clientId, name } }: Token) {
  const owner = call.world.registry.organizations.find((one) => one.applications.some((application) => application.clientId === clientId))
  const { description = '', applicationUri: url = '' } = owner?.applications.find((application) => application.clientId === clientId) ?? {}
  const organization = { name: owner?.name ?? name, avatar: avatar(owner?.name ?? name, 'org') }
  const scopeViews = scopes.map((scope) => {
    const [title = scope, icon = 'fa-gear', dangerous = false] = titles[scope] ?? []
    return { title, scope, description: `This application has the scope ${scope}.`, icon, dangerous }
  })
  return { application: { name, description, url, avatar: avatar(name, 'app'), organization }, scopes: scopeViews, uuid }
}

const tokenOf = (call: Call) => tokensOf(call).find(({ uuid }) => uuid === param(call, 'access_token_uuid')) ?? notFound(call)

function revoke(call: Call) {
  tokenOf(call).revoked = true
  return noContent()
}
