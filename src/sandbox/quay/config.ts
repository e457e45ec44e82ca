import { type Call, ok, param, type Route, route } from './call.ts'
import { notFound } from './errors.ts'
import { has, nameOf } from './release.ts'

// What describes the registry itself, all of it open to everybody.

export const configRoutes: Route[] = [
  // The colon: this one lies outside /api/v1 (docs/quay.md, Rights).
  route('GET :/config', config),
  route('GET /error/{error_type}', describeError),
  route('GET /registry/capabilities', capabilities),
]

function config({ world }: Call) {
  const { features, superusersFullAccess, authenticationType, state } = world.registry
  const { host } = new URL(world.origin())
  return ok({
    config: {
      SERVER_HOSTNAME: host,
      PREFERRED_URL_SCHEME: 'http',
      REGISTRY_TITLE: 'Project Quay',
      REGISTRY_TITLE_SHORT: 'Project Quay',
      AUTHENTICATION_TYPE: authenticationType,
      REGISTRY_STATE: state,
    },
    ...(has(world.registry, 'versionInConfig') && { version_number: features.BILLING ? '' : nameOf(world.registry) }),
    features: { ...features, SUPERUSERS_FULL_ACCESS: superusersFullAccess },
    oauth: {},
    external_login: [],
    registry_state: state,
    account_recovery_mode: false,
  })
}

const descriptions: Record<string, string> = {
  external_service_timeout: 'An external service timed out. Retrying the request may resolve the issue.',
  invalid_request: 'The request was invalid.',
  invalid_response: 'The response was invalid.',
  invalid_token: 'The access token provided was invalid.',
  expired_token: 'The access token provided has expired.',
  insufficient_scope: 'The access token did not have sufficient scope to access the requested resource.',
  fresh_login_required: 'The action requires a fresh login to succeed.',
  exceeds_license: 'The action was refused because the current license does not allow it.',
  not_found: 'The resource was not found.',
  downstream_issue: 'An error occurred in a downstream service.',
  tag_immutable: 'The tag is immutable and cannot be modified or deleted.',
  token_rotation_failed: 'The token could not be rotated.',
}

function describeError(call: Call) {
  const type = param(call, 'error_type')
  const description = descriptions[type] ?? notFound(call)
  return ok({ type: `${call.world.origin()}/api/v1/error/${type}`, title: type, description })
}

function capabilities() {
  return ok({
    sparse_manifests: { supported: false, required_architectures: [], optional_architectures_allowed: false },
    mirror_architectures: ['amd64', 'arm64', 'ppc64le', 's390x'],
  })
}
