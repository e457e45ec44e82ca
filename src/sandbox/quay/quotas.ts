import { bodyOf } from './body.ts'
import { type Call, created, noContent, ok, param, type Route, route } from './call.ts'
import { dataModelError, invalidRequest, notFound, serverError, unauthorized } from './errors.ts'
import { type findNamespace, findOrganization, findUser } from './lookup.ts'
import { fullQuota, readable } from './quota-view.ts'
import type { Namespace, Quota } from './registry.ts'
import { has } from './release.ts'
import { hasFullAccess, isSuperuser, requireNamespace, requireSuperuser, requireUserScope } from './rights.ts'
import { log } from './usage-log.ts'

// Three doors to the same thing. Reading an organisation's quota takes membership, changing it a superuser
// (docs/quay.md, rights matrix 13); `/superuser/…` needs no full access.
type Door = (call: Call) => Namespace

const inOrganization: Door = (call) => {
  const suffices = isSuperuser(call) && !has(call.world.registry, 'quotasNeedFullAccess') && !isLimitList(call)
  if (!suffices && call.method === 'GET') requireNamespace(call, 'member')
  if (!suffices && call.method !== 'GET' && !hasFullAccess(call)) unauthorized(call)
  return findOrganization(call.world.registry, param(call, 'orgname')) ?? notFound(call)
}
/** Limits alone were never shown to a superuser as such (docs/quay.md, Releases §1a). */
const isLimitList = ({ method, path }: Call) => method === 'GET' && path.includes('/limit')
const ofSelf: Door = (call) => requireUserScope(call, 'user:admin')
const asSuperuser =
  (find: typeof findNamespace): Door =>
  (call) => {
    requireSuperuser(call)
    const missing = () => (call.method === 'POST' ? serverError() : notFound(call)) // POST breaks a real Quay (docs/quay.md, Errors)
    return find(call.world.registry, param(call, 'namespace')) ?? missing()
  }

const on = (features: string[]) => (address: string, handle: Route['handle']) => route(address, handle, ...features)
const quota = on(['QUOTA_MANAGEMENT', 'EDIT_QUOTA'])
const superuserQuota = on(['QUOTA_MANAGEMENT', 'EDIT_QUOTA', 'SUPER_USERS'])

const superuserRoutes = (base: string, door: Door): Route[] => [
  superuserQuota(`GET ${base}`, (call) => listQuotas(call, door)),
  superuserQuota(`POST ${base}`, (call) => createQuota(call, door)),
  superuserQuota(`PUT ${base}/{quota_id}`, (call) => changeQuota(call, door)),
  superuserQuota(`DELETE ${base}/{quota_id}`, (call) => deleteQuota(call, door)),
]

const organization = '/organization/{orgname}/quota'

export const quotaRoutes: Route[] = [
  quota(`GET ${organization}`, (call) => listQuotas(call, inOrganization)),
  quota(`POST ${organization}`, (call) => createQuota(call, inOrganization)),
  quota(`GET ${organization}/{quota_id}`, (call) => ok(fullQuota(quotaOf(call, inOrganization).quota))),
  quota(`PUT ${organization}/{quota_id}`, (call) => changeQuota(call, inOrganization)),
  quota(`DELETE ${organization}/{quota_id}`, (call) => deleteQuota(call, inOrganization)),
  quota(`GET ${organization}/{quota_id}/limit`, (call) => ok(quotaOf(call, inOrganization).quota.limits.map(limitView))),
  quota(`POST ${organization}/{quota_id}/limit`, createLimit),
  quota(`GET ${organization}/{quota_id}/limit/{limit_id}`, (call) => ok(limitView(limitOf(call, inOrganization).limit))),
  quota(`PUT ${organization}/{quota_id}/limit/{limit_id}`, changeLimit),
  quota(`DELETE ${organization}/{quota_id}/limit/{limit_id}`, deleteLimit),
  ...superuserRoutes('/superuser/organization/{namespace}/quota', asSuperuser(findOrganization)),
  ...superuserRoutes('/superuser/users/{namespace}/quota', asSuperuser(findUser)),
  quota('GET /user/quota', (call) => listQuotas(call, ofSelf)),
  quota('GET /user/quota/{quota_id}', (call) => ok(fullQuota(quotaOf(call, ofSelf).quota))),
  quota('GET /user/quota/{quota_id}/limit', (call) => ok(quotaOf(call, ofSelf).quota.limits.map(limitView))),
  quota('GET /user/quota/{quota_id}/limit/{limit_id}', (call) => ok(limitView(limitOf(call, ofSelf).limit))),
]

const limitView = ({ id, type, percent }: Quota['limits'][number]) => ({ id, type, limit_percent: percent })

function listQuotas(call: Call, door: Door) {
  return ok(door(call).quotas.map(fullQuota))
}

interface Size {
  limit_bytes?: number
  limit?: string
}
const exponents = 'BKMGTPEZY'

/** `10 GiB`, or bytes as they are. */
function bytesOf(call: Call, { limit_bytes: bytes, limit }: Size) {
  if (bytes !== undefined && bytes <= 0) invalidRequest(call, `Invalid quota size limit value: '${bytes}'`)
  if (bytes !== undefined) return bytes
  const [, number = '', unit = 'B'] = limit?.match(/^(\d{1,20})\s?(\w*)$/) ?? []
  const base = unit.endsWith('B') && !unit.includes('i') ? 1000 : 1024
  return Number(number) * base ** exponents.indexOf(unit[0] ?? 'B')
}

function createQuota(call: Call, door: Door) {
  const namespace = door(call)
  const limitBytes = bytesOf(call, bodyOf<Size>(call))
  const what = call.path.startsWith('/superuser/') ? 'Quota' : 'Organization quota'
  if (namespace.quotas.length > 0) invalidRequest(call, `${what} for '${namespace.name}' already exists`)
  namespace.quotas.push({ id: call.world.registry.nextId++, limitBytes, limits: [] })
  log(call, 'org_create_quota', namespace.name, { namespace: namespace.name, limit_bytes: limitBytes, limit: readable(limitBytes) })
  return created('Created')
}

function quotaOf(call: Call, door: Door): { namespace: Namespace; quota: Quota } {
  const namespace = door(call)
  return { namespace, quota: namespace.quotas.find(({ id }) => String(id) === param(call, 'quota_id')) ?? notFound(call) }
}

function changeQuota(call: Call, door: Door) {
  const { namespace, quota: found } = quotaOf(call, door)
  const before = found.limitBytes
  found.limitBytes = bytesOf(call, bodyOf<Size>(call))
  const now = { limit_bytes: found.limitBytes, limit: readable(found.limitBytes) }
  log(call, 'org_change_quota', namespace.name, {
    namespace: namespace.name,
    ...now,
    previous_limit_bytes: before,
    previous_limit: readable(before),
  })
  return ok(fullQuota(found))
}

function deleteQuota(call: Call, door: Door) {
  const { namespace, quota: found } = quotaOf(call, door)
  namespace.quotas = namespace.quotas.filter((one) => one !== found)
  const details = { namespace: namespace.name, quota_id: found.id, limit_bytes: found.limitBytes, limit: readable(found.limitBytes) }
  log(call, 'org_delete_quota', namespace.name, details)
  return noContent()
}

type Kind = 'Warning' | 'Reject'

const kinds: Record<string, Kind> = { warning: 'Warning', reject: 'Reject' }

/** The type however it is written. Both refusals are shape 2 (docs/quay.md, Words). */
function limitFrom(type: string, percent: number): { type: Kind; percent: number } {
  if (percent < 1 || percent > 100) dataModelError('Quota limit threshold must be between 1 and 100')
  return { type: kinds[type.toLowerCase()] ?? dataModelError('Quota type must be one of [Warning, Reject]'), percent }
}

function createLimit(call: Call) {
  const { namespace, quota: found } = quotaOf(call, inOrganization)
  const body = bodyOf<{ type: string; threshold_percent: number }>(call)
  const { type, percent } = limitFrom(body.type, body.threshold_percent)
  if (found.limits.some((one) => one.type === type && one.percent === percent)) invalidRequest(call, 'Quota limit already exists')
  if (type === 'Reject' && found.limits.some((one) => one.type === 'Reject'))
    invalidRequest(call, "Only one quota limit of type 'Reject' allowed.")
  found.limits.push({ id: call.world.registry.nextId++, type, percent })
  log(call, 'org_create_quota_limit', namespace.name, { namespace: namespace.name, type, threshold_percent: percent })
  return created('Created')
}

function limitOf(call: Call, door: Door) {
  const { namespace, quota: found } = quotaOf(call, door)
  return { namespace, quota: found, limit: found.limits.find(({ id }) => String(id) === param(call, 'limit_id')) ?? notFound(call) }
}

/** Answers with the whole quota (docs/quay.md, Per area). */
function changeLimit(call: Call) {
  const { namespace, quota: found, limit } = limitOf(call, inOrganization)
  const body = bodyOf<{ type?: string; threshold_percent?: number }>(call)
  const { type, percent } = limitFrom(body.type ?? limit.type, body.threshold_percent ?? limit.percent)
  const before = { previous_type: limit.type, previous_threshold_percent: limit.percent }
  Object.assign(limit, { type, percent })
  log(call, 'org_change_quota_limit', namespace.name, { namespace: namespace.name, type, threshold_percent: percent, ...before })
  return ok(fullQuota(found))
}

function deleteLimit(call: Call) {
  const { namespace, quota: found, limit } = limitOf(call, inOrganization)
  found.limits = found.limits.filter((one) => one !== limit)
  const details = { namespace: namespace.name, limit_id: limit.id, type: limit.type, threshold_percent: limit.percent }
  log(call, 'org_delete_quota_limit', namespace.name, details)
  return noContent()
}
