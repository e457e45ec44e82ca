import { z } from 'zod'
import type { Credential } from '../core/credential.ts'
import { call, done, find } from './http.ts'
import type { Quay } from './registry.ts'

/** An organisation that hands on, and keeps, the images of another registry. */
export interface ProxyCache {
  /** `docker.io`, `quay.io/acme` */
  upstream: string
  /** Seconds that an image is kept. */
  expiration: number
  /** By http. */
  insecure: boolean
}

// Where there is none, also for a missing organisation, Quay answers empty strings (recorded: org-proxycache-get-none).
const proxyCache = z
  .object({ upstream_registry: z.string(), expiration_s: z.number().or(z.literal('')), insecure: z.boolean().or(z.literal('')) })
  .transform((read): ProxyCache | undefined => {
    if (read.upstream_registry === '') return undefined
    return { upstream: read.upstream_registry, expiration: read.expiration_s || 0, insecure: read.insecure || false }
  })

const path = '/organization/{orgname}/proxycache'

/** Undefined: the organization is no proxy cache. */
export function findProxyCache(quay: Quay, organization: string): Promise<ProxyCache | undefined> {
  return find(quay, { path, params: { orgname: organization }, response: proxyCache })
}

export type NewProxyCache = Pick<ProxyCache, 'upstream'> &
  Partial<ProxyCache> & { username?: string | undefined; password?: Credential | undefined }

/** Conflict: there is one. Invalid: Quay cannot resolve the host. */
export async function createProxyCache(quay: Quay, organization: string, wanted: NewProxyCache): Promise<void> {
  const body = {
    upstream_registry: wanted.upstream,
    expiration_s: wanted.expiration,
    insecure: wanted.insecure,
    upstream_registry_username: wanted.username,
    upstream_registry_password: wanted.password,
  }
  await call(quay, { method: 'POST', path, params: { orgname: organization }, body, assume: undefined, response: done })
}

/** Not found: there is none. */
export async function deleteProxyCache(quay: Quay, organization: string): Promise<void> {
  await call(quay, { method: 'DELETE', path, params: { orgname: organization }, assume: undefined, response: done })
}
