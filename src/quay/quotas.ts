import { z } from 'zod'
import { call, done } from './http.ts'
import type { Quay } from './registry.ts'
import type { Word } from './word.ts'

/** How much a namespace may store. */
export interface Quota {
  /** Quay's number for it. */
  id: string
  bytes: number
  limits: QuotaLimit[]
  /** The registry's own, that holds where a namespace has none. */
  byDefault: boolean
}

export interface QuotaLimit {
  id: string
  /** What happens at so many percent of the quota. */
  type: Word<'warning' | 'reject'>
  percent: number
}

/** Whose quota: Quay has other addresses for people. Their limits it keeps to itself. */
export interface QuotaOwner {
  kind: 'organization' | 'user'
  name: string
}

const limit = z
  .object({ id: z.number(), type: z.string(), limit_percent: z.number() })
  .transform((read): QuotaLimit => ({ id: String(read.id), type: read.type.toLowerCase(), percent: read.limit_percent }))

const quota = z
  .object({
    id: z.number().nullish(),
    limit_bytes: z.number(),
    limits: z.array(limit).default([]),
    default_config: z.boolean().default(false),
  })
  .transform(
    (read): Quota => ({
      id: String(read.id ?? ''),
      // A float once the quota was set in words (docs/quay.md, Quota).
      bytes: Math.round(read.limit_bytes),
      limits: read.limits,
      byDefault: read.default_config,
    }),
  )

const ofOrganization = '/organization/{orgname}/quota'
const ofUser = '/superuser/users/{namespace}/quota'
const forSuperusers = '/superuser/organization/{namespace}/quota'
const oneOfOrganization = '/organization/{orgname}/quota/{quota_id}'
const oneOfUser = '/superuser/users/{namespace}/quota/{quota_id}'
const oneForSuperusers = '/superuser/organization/{namespace}/quota/{quota_id}'

/** Without full access Quay takes quotas from superusers only at an address of their own (docs/quay.md, Releases §1a). */
function isApart(quay: Quay) {
  return !quay.capabilities.superusersFullAccess && quay.capabilities.offers(forSuperusers, 'GET')
}

/** The namespace's quotas: one, or none. Not found: no such namespace. */
export function listQuotas(quay: Quay, { kind, name }: QuotaOwner): Promise<Quota[]> {
  const rest = { method: 'GET', response: z.array(quota) } as const
  if (kind === 'user') return call(quay, { path: ofUser, params: { namespace: name }, ...rest })
  if (isApart(quay)) return call(quay, { path: forSuperusers, params: { namespace: name }, ...rest })
  return call(quay, { path: ofOrganization, params: { orgname: name }, ...rest })
}

/** Conflict: the namespace has one. Find the namespace first: Quay fails on one that does not exist. */
export async function createQuota(quay: Quay, { kind, name }: QuotaOwner, bytes: number): Promise<void> {
  const rest = { method: 'POST', body: { limit_bytes: bytes }, assume: undefined, response: done } as const
  if (kind === 'user') await call(quay, { path: ofUser, params: { namespace: name }, ...rest })
  else if (isApart(quay)) await call(quay, { path: forSuperusers, params: { namespace: name }, ...rest })
  else await call(quay, { path: ofOrganization, params: { orgname: name }, ...rest })
}

/** Not found: there is none. */
export async function updateQuota(quay: Quay, { kind, name }: QuotaOwner, id: string, bytes: number): Promise<void> {
  const rest = { method: 'PUT', body: { limit_bytes: bytes }, assume: undefined, response: done } as const
  if (kind === 'user') await call(quay, { path: oneOfUser, params: { namespace: name, quota_id: id }, ...rest })
  else if (isApart(quay)) await call(quay, { path: oneForSuperusers, params: { namespace: name, quota_id: id }, ...rest })
  else await call(quay, { path: oneOfOrganization, params: { orgname: name, quota_id: id }, ...rest })
}

/** Deletes the quota with its limits. Not found: there is none. */
export async function deleteQuota(quay: Quay, { kind, name }: QuotaOwner, id: string): Promise<void> {
  const rest = { method: 'DELETE', assume: undefined, response: done } as const
  if (kind === 'user') await call(quay, { path: oneOfUser, params: { namespace: name, quota_id: id }, ...rest })
  else if (isApart(quay)) await call(quay, { path: oneForSuperusers, params: { namespace: name, quota_id: id }, ...rest })
  else await call(quay, { path: oneOfOrganization, params: { orgname: name, quota_id: id }, ...rest })
}

const limits = '/organization/{orgname}/quota/{quota_id}/limit'

/** Conflict: there is one of this type at so many percent. */
export async function createQuotaLimit(
  quay: Quay,
  organization: string,
  quotaId: string,
  { type, percent }: Omit<QuotaLimit, 'id'>,
): Promise<void> {
  const body = { type: type === 'reject' ? 'Reject' : 'Warning', threshold_percent: percent }
  await call(quay, {
    method: 'POST',
    path: limits,
    params: { orgname: organization, quota_id: quotaId },
    body,
    assume: undefined,
    response: done,
  })
}

/** Not found: there is none. */
export async function deleteQuotaLimit(quay: Quay, organization: string, quotaId: string, id: string): Promise<void> {
  const params = { orgname: organization, quota_id: quotaId, limit_id: id }
  const path = '/organization/{orgname}/quota/{quota_id}/limit/{limit_id}'
  await call(quay, { method: 'DELETE', path, params, assume: undefined, response: done })
}
