import { bodyOf, looseBodyOf } from './body.ts'
import { type Call, noContent, ok, param, type Route, route } from './call.ts'
import { invalidRequest, notFound } from './errors.ts'
import { findUser, organizationOf } from './lookup.ts'
import { organizationView } from './organizations.ts'
import type { Application, Token } from './registry.ts'
import { isGlobalReader, requireNamespace } from './rights.ts'
import { issueToken } from './tokens.ts'
import { log } from './usage-log.ts'
import { randomPassword } from './users.ts'
import { avatar, isoMicroseconds } from './views.ts'

const base = '/organization/{orgname}/applications'

export const applicationRoutes: Route[] = [
  route(`GET ${base}`, listApplications),
  route(`POST ${base}`, createApplication),
  route(`GET ${base}/{client_id}`, getApplication),
  route(`PUT ${base}/{client_id}`, changeApplication),
  route(`DELETE ${base}/{client_id}`, deleteApplication),
  route(`POST ${base}/{client_id}/resetclientsecret`, resetSecret),
  route(`GET ${base}/{client_id}/tokens`, listTokens, 'ASSIGN_OAUTH_TOKEN'),
  route(`POST ${base}/{client_id}/tokens`, createToken, 'ASSIGN_OAUTH_TOKEN'),
  route(`DELETE ${base}/{client_id}/tokens/{token_uuid}`, deleteToken, 'ASSIGN_OAUTH_TOKEN'),
  route('GET /app/{client_id}', describeApplication),
]

/** A global reader sees applications without their secrets (docs/quay.md, rights matrix 5). */
function view(call: Call, application: Application) {
  const { name, description, applicationUri, clientId, clientSecret, redirectUri, avatarEmail } = application
  return {
    name,
    description,
    application_uri: applicationUri,
    client_id: clientId,
    ...(!isGlobalReader(call) && { client_secret: clientSecret }),
    redirect_uri: redirectUri,
    avatar_email: avatarEmail,
  }
}

function applicationOf(call: Call) {
  requireNamespace(call, 'admin')
  const organization = organizationOf(call)
  const application = organization.applications.find(({ clientId }) => clientId === param(call, 'client_id')) ?? notFound(call)
  return { organization, application, names: { application_name: application.name, client_id: application.clientId } }
}

function listApplications(call: Call) {
  requireNamespace(call, 'admin')
  return ok({ applications: organizationOf(call).applications.map((one) => view(call, one)) })
}

interface ApplicationBody {
  name: string
  redirect_uri?: string
  application_uri?: string
  description?: string
  avatar_email?: string
}

function fromBody(body: ApplicationBody) {
  const {
    name,
    redirect_uri: redirectUri = '',
    application_uri: applicationUri = '',
    description = '',
    avatar_email: avatarEmail = null,
  } = body
  return { name, redirectUri, applicationUri, description, avatarEmail }
}

function createApplication(call: Call) {
  requireNamespace(call, 'admin')
  const body = bodyOf<ApplicationBody>(call)
  const organization = organizationOf(call)
  const application: Application = { ...fromBody(body), clientId: randomPassword(20), clientSecret: randomPassword(40) }
  organization.applications.push(application)
  log(call, 'create_application', organization.name, { ...body, application_name: application.name, client_id: application.clientId })
  return ok(view(call, application))
}

function getApplication(call: Call) {
  return ok(view(call, applicationOf(call).application))
}

/** What is not said is emptied (recorded/org-app-put). */
function changeApplication(call: Call) {
  const { organization, application } = applicationOf(call)
  const body = bodyOf<ApplicationBody>(call)
  Object.assign(application, fromBody(body))
  log(call, 'update_application', organization.name, { ...body, application_name: application.name, client_id: application.clientId })
  return ok(view(call, application))
}

function deleteApplication(call: Call) {
  const { organization, application, names } = applicationOf(call)
  organization.applications = organization.applications.filter((one) => one !== application)
  for (const token of call.world.registry.tokens) if (token.application.clientId === application.clientId) token.revoked = true
  log(call, 'delete_application', organization.name, names)
  return noContent()
}

function resetSecret(call: Call) {
  const { organization, application, names } = applicationOf(call)
  application.clientSecret = randomPassword(40)
  log(call, 'reset_application_client_secret', organization.name, names)
  return ok(view(call, application))
}

function tokenView(token: Token) {
  return {
    uuid: token.uuid,
    name: token.title ?? token.application.name,
    scope: token.scopes.join(' '),
    expires_at: isoMicroseconds(token.expires),
    created: isoMicroseconds(token.created),
    created_by: token.account,
    last_accessed: null,
  }
}

const tokensOf = (call: Call, { clientId }: Application) =>
  call.world.registry.tokens.filter((token) => token.title !== undefined && token.application.clientId === clientId && !token.revoked)

function listTokens(call: Call) {
  const { application } = applicationOf(call)
  return ok({ tokens: tokensOf(call, application).map(tokenView) })
}

function createToken(call: Call) {
  const { organization, application, names } = applicationOf(call)
  const { name, scope, expiration } = looseBodyOf(call)
  const owner = call.account && findUser(call.world.registry, call.account.name)
  if (typeof name !== 'string' || typeof scope !== 'string' || !owner) return invalidRequest(call, 'Missing name or scope')
  const token = issueToken(call.world, owner.name, scope.split(' '), { clientId: application.clientId, name: application.name })
  Object.assign(token, { title: name, expires: typeof expiration === 'number' ? call.world.now() + expiration * 1000 : token.expires })
  log(call, 'create_oauth_api_token', organization.name, {
    scope,
    token_display_name: name,
    ...names,
    auth_method: 'OAuth',
    oauth_token_uuid: token.uuid,
  })
  return ok({ ...tokenView(token), token: token.token })
}

function deleteToken(call: Call) {
  const { organization, application, names } = applicationOf(call)
  const token = tokensOf(call, application).find(({ uuid }) => uuid === param(call, 'token_uuid')) ?? notFound(call)
  token.revoked = true
  log(call, 'delete_oauth_api_token', organization.name, { ...names, token_display_name: token.title })
  return noContent()
}

/** What the consent page shows to everybody. */
function describeApplication(call: Call) {
  const { organizations } = call.world.registry
  const organization =
    organizations.find((one) => one.applications.some(({ clientId }) => clientId === param(call, 'client_id'))) ?? notFound(call)
  const { name, description, applicationUri } =
    organization.applications.find(({ clientId }) => clientId === param(call, 'client_id')) ?? notFound(call)
  const owner = organizationView(call, organization)
  const teams = 'teams' in owner ? { teams: {}, ordered_teams: [] } : {}
  return ok({ name, description, uri: applicationUri, avatar: avatar(name, 'app'), organization: { ...owner, ...teams } })
}
