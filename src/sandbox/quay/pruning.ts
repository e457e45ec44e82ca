import { randomUUID } from 'node:crypto'
import { bodyOf } from './body.ts'
import { type Call, created, noContent, ok, param, type Route, route } from './call.ts'
import { invalidRequest, notFound } from './errors.ts'
import { type FindHolder, type Holder, holders } from './policies.ts'
import { has } from './release.ts'
import type { PrunePolicy } from './repository-parts.ts'
import { log } from './usage-log.ts'

const routesOf = ([base, find]: [string, FindHolder]): Route[] => [
  route(`GET ${base}/autoprunepolicy/`, (call) => ok({ policies: find(call).policies.prunePolicies.map(view) }), 'AUTO_PRUNE'),
  route(`POST ${base}/autoprunepolicy/`, (call) => create(call, find), 'AUTO_PRUNE'),
  route(`GET ${base}/autoprunepolicy/{policy_uuid}`, (call) => ok(view(policyOf(call, find(call)))), 'AUTO_PRUNE'),
  route(`PUT ${base}/autoprunepolicy/{policy_uuid}`, (call) => change(call, find), 'AUTO_PRUNE'),
  route(`DELETE ${base}/autoprunepolicy/{policy_uuid}`, (call) => remove(call, find), 'AUTO_PRUNE'),
]

export const pruningRoutes: Route[] = Object.entries(holders).flatMap(routesOf)

const view = ({ uuid, method, value, tagPattern, tagPatternMatches }: PrunePolicy) => ({
  uuid,
  method,
  value,
  tagPattern,
  tagPatternMatches,
})

interface PolicyBody {
  method: string
  value: number | string
  tagPattern?: string | null
  tagPatternMatches?: boolean
}

function policyFrom(call: Call): Omit<PrunePolicy, 'uuid'> {
  const { method, value, tagPattern = null, tagPatternMatches = true } = bodyOf<PolicyBody>(call)
  if (method !== 'number_of_tags' && method !== 'creation_date') invalidRequest(call, 'Invalid method provided')
  const fits =
    method === 'number_of_tags' ? typeof value === 'number' && value > 0 : typeof value === 'string' && /^\d+(s|m|h|d|w|M|y)$/.test(value)
  if (!fits) invalidRequest(call, 'Invalid value given for method type')
  return { method, value, tagPattern, tagPatternMatches }
}

const isSame = (a: Omit<PrunePolicy, 'uuid'>, b: Omit<PrunePolicy, 'uuid'>) =>
  a.method === b.method && a.value === b.value && a.tagPattern === b.tagPattern && a.tagPatternMatches === b.tagPatternMatches

function create(call: Call, find: FindHolder) {
  const holder = find(call)
  const policy = policyFrom(call)
  if (holder.policies.prunePolicies.length > 0 && !has(call.world.registry, 'manyPrunePolicies'))
    invalidRequest(call, `Policy for this ${holder.kind} already exists, delete existing to create new policy`)
  if (holder.policies.prunePolicies.some((one) => isSame(one, policy))) {
    invalidRequest(call, `Existing policy with same values for this ${holder.kind}, duplicate policies are not permitted`)
  }
  const uuid = randomUUID()
  holder.policies.prunePolicies.push({ uuid, ...policy })
  written(call, 'create', holder, metadata(policy))
  return created({ uuid })
}

const metadata = ({ method, value, tagPattern, tagPatternMatches }: Omit<PrunePolicy, 'uuid'>) => ({
  method,
  value,
  tag_pattern: tagPattern,
  tag_pattern_matches: tagPatternMatches,
})

function written(call: Call, verb: string, { kind, namespace, metadata: place, repository }: Holder, details: Record<string, unknown>) {
  log(call, `${verb}_${kind}_autoprune_policy`, namespace, { ...details, ...place }, repository)
}

function policyOf(call: Call, { policies }: Holder) {
  return policies.prunePolicies.find(({ uuid }) => uuid === param(call, 'policy_uuid')) ?? notFound(call)
}

function change(call: Call, find: FindHolder) {
  const holder = find(call)
  const policy = policyFrom(call)
  Object.assign(policyOf(call, holder), policy)
  written(call, 'update', holder, metadata(policy))
  return noContent()
}

function remove(call: Call, find: FindHolder) {
  const holder = find(call)
  const policy = policyOf(call, holder)
  holder.policies.prunePolicies = holder.policies.prunePolicies.filter((one) => one !== policy)
  written(call, 'delete', holder, { policy_uuid: policy.uuid })
  // 200 with the id where others answer 204 (docs/quay.md, Status codes).
  return ok({ uuid: policy.uuid })
}
