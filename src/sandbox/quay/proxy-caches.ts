import { bodyOf } from './body.ts'
import { type Call, created, ok, param, type Route, route } from './call.ts'
import { invalidRequest, notFound } from './errors.ts'
import { findOrganization } from './lookup.ts'
import { requirePublicHost } from './outside-hosts.ts'
import { requireNamespace } from './rights.ts'
import { log } from './usage-log.ts'

export const proxyCacheRoutes: Route[] = [
  route('GET /organization/{orgname}/proxycache', getProxyCache, 'PROXY_CACHE'),
  route('POST /organization/{orgname}/proxycache', createProxyCache, 'PROXY_CACHE'),
  route('DELETE /organization/{orgname}/proxycache', deleteProxyCache, 'PROXY_CACHE'),
  route('POST /organization/{orgname}/validateproxycache', validateProxyCache, 'PROXY_CACHE'),
]

const organizationOf = (call: Call) => findOrganization(call.world.registry, param(call, 'orgname'))

/** Without one, and even of a missing organisation: 200 and empty strings. Credentials never come back (docs/quay.md, Per area). */
function getProxyCache(call: Call) {
  requireNamespace(call, 'member')
  const cache = organizationOf(call)?.proxyCache
  if (!cache) return ok({ upstream_registry: '', expiration_s: '', insecure: '' })
  return ok({ upstream_registry: cache.upstreamRegistry, expiration_s: cache.expiration, insecure: cache.insecure })
}

interface NewProxyCache {
  upstream_registry: string
  upstream_registry_username?: string | null
  upstream_registry_password?: string | null
  expiration_s?: number
  insecure?: boolean
}

function createProxyCache(call: Call) {
  requireNamespace(call, 'admin')
  const body = bodyOf<NewProxyCache>(call)
  const organization = organizationOf(call) ?? notFound(call)
  if (organization.proxyCache) invalidRequest(call, 'Proxy Cache Configuration already exists')
  requirePublicHost(call, body.upstream_registry, 'cacheHostChecks')
  // What the organisation holds already may stay, but neither immutable tags nor a mirror of the whole organisation (docs/quay.md, Answers that mislead).
  const own = call.world.registry.repositories.filter((repository) => repository.namespace === organization.name)
  if (own.some(({ tags, immutabilityPolicies }) => immutabilityPolicies.length > 0 || tags.some(({ immutable }) => immutable)))
    invalidRequest(call, 'Cannot create a proxy cache for an organization with immutable tags')
  if (organization.mirror) invalidRequest(call, 'Cannot create a proxy cache for an organization with organization-level mirroring')
  organization.proxyCache = {
    upstreamRegistry: body.upstream_registry,
    username: body.upstream_registry_username ?? null,
    password: body.upstream_registry_password ?? null,
    expiration: body.expiration_s ?? 86_400,
    insecure: body.insecure ?? false,
  }
  log(call, 'create_proxy_cache_config', organization.name, { upstream_registry: body.upstream_registry })
  return created('Created')
}

/** 201 "Deleted", of all answers (docs/quay.md, Status codes). */
function deleteProxyCache(call: Call) {
  requireNamespace(call, 'admin')
  const organization = organizationOf(call)
  if (!organization?.proxyCache) return notFound(call)
  delete organization.proxyCache
  log(call, 'delete_proxy_cache_config', organization.name, {})
  return created('Deleted')
}

function validateProxyCache(call: Call) {
  requireNamespace(call, 'admin')
  const { upstream_registry } = bodyOf<NewProxyCache>(call)
  if (organizationOf(call)?.proxyCache) invalidRequest(call, 'Proxy Cache Configuration already exists')
  requirePublicHost(call, upstream_registry, 'cacheHostChecks')
  return { status: 202, body: 'Valid' }
}
