import { randomUUID } from 'node:crypto'
import { bodyOf } from './body.ts'
import { type Call, created, noContent, ok, param, type Route, route } from './call.ts'
import { notFound } from './errors.ts'
import { type FindHolder, type Holder, holders } from './policies.ts'
import { log } from './usage-log.ts'

// Policies that make tags immutable as they come.

const routesOf = ([base, find]: [string, FindHolder]): Route[] => [
  route(`GET ${base}/immutabilitypolicy/`, (call) => ok({ policies: find(call).policies.immutabilityPolicies }), 'IMMUTABLE_TAGS'),
  route(`POST ${base}/immutabilitypolicy/`, (call) => create(call, find), 'IMMUTABLE_TAGS'),
  route(`GET ${base}/immutabilitypolicy/{policy_uuid}`, (call) => ok(policyOf(call, find(call))), 'IMMUTABLE_TAGS'),
  route(`PUT ${base}/immutabilitypolicy/{policy_uuid}`, (call) => change(call, find), 'IMMUTABLE_TAGS'),
  route(`DELETE ${base}/immutabilitypolicy/{policy_uuid}`, (call) => remove(call, find), 'IMMUTABLE_TAGS'),
]

// People's own namespaces have none.
const { '/user': _, ...places } = holders
export const immutabilityRoutes: Route[] = Object.entries(places).flatMap(routesOf)

interface PolicyBody {
  tagPattern: string
  tagPatternMatches?: boolean
}

function written(call: Call, verb: string, { namespace, metadata, repository }: Holder, details: Record<string, unknown>) {
  log(call, `${verb}_immutability_policy`, namespace, { ...metadata, ...details }, repository)
}

function create(call: Call, find: FindHolder) {
  const holder = find(call)
  const { tagPattern, tagPatternMatches = true } = bodyOf<PolicyBody>(call)
  const uuid = randomUUID()
  holder.policies.immutabilityPolicies.push({ uuid, tagPattern, tagPatternMatches })
  written(call, 'create', holder, { tag_pattern: tagPattern, tag_pattern_matches: tagPatternMatches })
  return created({ uuid })
}

function policyOf(call: Call, { policies }: Holder) {
  return policies.immutabilityPolicies.find(({ uuid }) => uuid === param(call, 'policy_uuid')) ?? notFound(call)
}

function change(call: Call, find: FindHolder) {
  const holder = find(call)
  const { tagPattern, tagPatternMatches = true } = bodyOf<PolicyBody>(call)
  Object.assign(policyOf(call, holder), { tagPattern, tagPatternMatches })
  written(call, 'update', holder, { tag_pattern: tagPattern, tag_pattern_matches: tagPatternMatches })
  return noContent()
}

function remove(call: Call, find: FindHolder) {
  const holder = find(call)
  const { uuid } = policyOf(call, holder)
  holder.policies.immutabilityPolicies = holder.policies.immutabilityPolicies.filter((one) => one.uuid !== uuid)
  written(call, 'delete', holder, { policy_uuid: uuid })
  return ok({ uuid })
}
