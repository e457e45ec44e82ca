import { findOrganization } from './organizations.ts'
import { createQuotaLimit, deleteQuotaLimit, listQuotas, type Quota, type QuotaLimit, type QuotaOwner } from './quotas.ts'
import type { Quay } from './registry.ts'

/** Whose namespace it is, and the quota that holds for it; undefined: none. Not found: no such namespace. */
export async function findQuotaOf(quay: Quay, namespace: string): Promise<{ owner: QuotaOwner; quota: Quota | undefined }> {
  const organization = await findOrganization(quay, namespace)
  const owner = { kind: organization ? 'organization' : 'user', name: namespace } as const
  const [quota] = await listQuotas(quay, owner)
  return { owner, quota }
}

/** The organisation's one limit of this type: another percentage replaces it. Harmless to repeat. Not found: there is no quota. */
export async function setQuotaLimit(quay: Quay, organization: string, wanted: Omit<QuotaLimit, 'id'>): Promise<void> {
  // In a dry run the quota that a limit is for may be one that was not made.
  const [found] = await listQuotas(quay, { kind: 'organization', name: organization })
  const { id, limits: now } = found ?? { id: 'new', limits: [] }
  const others = now.filter(({ type, percent }) => type === wanted.type && percent !== wanted.percent)
  for (const other of others) await deleteQuotaLimit(quay, organization, id, other.id)
  if (!now.some(({ type, percent }) => type === wanted.type && percent === wanted.percent))
    await createQuotaLimit(quay, organization, id, wanted)
}
