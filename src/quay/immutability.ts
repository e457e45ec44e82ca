import { z } from 'zod'
import { call, done } from './http.ts'
import type { Quay } from './registry.ts'
import { isLike, type Tag } from './tags.ts'

/** Which tags of an organisation or a repository can be neither moved nor deleted. */
export interface ImmutabilityRule {
  /** A regular expression. */
  pattern: string
  /** The tags that match, or those that do not. */
  matching: boolean
}

export interface ImmutabilityPolicy extends ImmutabilityRule {
  id: string
}

const policy = z
  .object({ uuid: z.string(), tagPattern: z.string(), tagPatternMatches: z.boolean().nullish() })
  .transform((read): ImmutabilityPolicy => ({ id: read.uuid, pattern: read.tagPattern, matching: read.tagPatternMatches ?? true }))

const ofOrganization = '/organization/{orgname}/immutabilitypolicy/'
const ofRepository = '/repository/{repository}/immutabilitypolicy/'
const oneOfOrganization = '/organization/{orgname}/immutabilitypolicy/{policy_uuid}'
const oneOfRepository = '/repository/{repository}/immutabilitypolicy/{policy_uuid}'

/** The policies of an organisation (`acme`) or of one repository (`acme/web`). */
export async function listImmutabilityPolicies(quay: Quay, target: string): Promise<ImmutabilityPolicy[]> {
  const rest = { method: 'GET', response: z.object({ policies: z.array(policy) }) } as const
  if (target.includes('/')) return (await call(quay, { path: ofRepository, params: { repository: target }, ...rest })).policies
  return (await call(quay, { path: ofOrganization, params: { orgname: target }, ...rest })).policies
}

/** Answers the policy's id. */
export async function createImmutabilityPolicy(quay: Quay, target: string, { pattern, matching }: ImmutabilityRule): Promise<string> {
  const body = { tagPattern: pattern, tagPatternMatches: matching }
  const rest = { method: 'POST', body, assume: { uuid: 'dry-run' }, response: z.object({ uuid: z.string() }) } as const
  if (target.includes('/')) return (await call(quay, { path: ofRepository, params: { repository: target }, ...rest })).uuid
  return (await call(quay, { path: ofOrganization, params: { orgname: target }, ...rest })).uuid
}

/** Not found: there is none. */
export async function updateImmutabilityPolicy(
  quay: Quay,
  target: string,
  id: string,
  { pattern, matching }: ImmutabilityRule,
): Promise<void> {
  const body = { tagPattern: pattern, tagPatternMatches: matching }
  const rest = { method: 'PUT', body, assume: undefined, response: done } as const
  if (target.includes('/')) await call(quay, { path: oneOfRepository, params: { repository: target, policy_uuid: id }, ...rest })
  else await call(quay, { path: oneOfOrganization, params: { orgname: target, policy_uuid: id }, ...rest })
}

/** Not found: there is none. */
export async function deleteImmutabilityPolicy(quay: Quay, target: string, id: string): Promise<void> {
  const rest = { method: 'DELETE', assume: undefined, response: done } as const
  if (target.includes('/')) await call(quay, { path: oneOfRepository, params: { repository: target, policy_uuid: id }, ...rest })
  else await call(quay, { path: oneOfOrganization, params: { orgname: target, policy_uuid: id }, ...rest })
}

/** Which of these tags the rule locks: Quay applies a new policy to what is there already (its apply_immutability_policy_to_existing_tags). */
export function lockedBy({ pattern, matching }: ImmutabilityRule, tags: Tag[]): Tag[] {
  return tags.filter(({ name, immutable }) => !immutable && isLike(pattern, name) === matching)
}
