import { generateKeyPairSync } from 'node:crypto'
import { bodyOf } from './body.ts'
import { type Call, noContent, ok, param, type Route, route } from './call.ts'
import { invalidRequest, notFound } from './errors.ts'
import type { ServiceKey } from './registry.ts'
import { requireSuperuser } from './rights.ts'
import { log } from './usage-log.ts'
import { avatar, rfc2822, seconds } from './views.ts'

export const serviceKeyRoutes: Route[] = [
  route('GET /superuser/keys', listKeys, 'SUPER_USERS'),
  route('POST /superuser/keys', createKey, 'SUPER_USERS'),
  route('GET /superuser/keys/{kid}', (call) => ok(keyView(keyOf(call))), 'SUPER_USERS'),
  route('PUT /superuser/keys/{kid}', changeKey, 'SUPER_USERS'),
  route('DELETE /superuser/keys/{kid}', deleteKey, 'SUPER_USERS'),
  route('POST /superuser/approvedkeys/{kid}', approveKey, 'SUPER_USERS'),
]

/** These dates alone end in GMT (docs/quay.md, Dates). */
const gmt = (at: number | null) => (at === null ? null : rfc2822(at).replace('-0000', 'GMT'))

function keyView(key: ServiceKey) {
  return {
    approval: key.approval && approvalView(key.approval),
    created_date: gmt(key.created),
    expiration_date: gmt(key.expires),
    jwk: key.jwk,
    kid: key.kid,
    metadata: key.metadata,
    name: key.name,
    rotation_duration: key.rotation,
    service: key.service,
  }
}

function approvalView({ at, approver, notes }: NonNullable<ServiceKey['approval']>) {
  const person =
    approver === '' ? null : { name: approver, username: approver, kind: 'user', is_robot: false, avatar: avatar(approver, 'user') }
  return { approval_type: 'ServiceKeyApprovalType.SUPERUSER', approved_date: gmt(at), approver: person, notes }
}

function listKeys(call: Call) {
  requireSuperuser(call)
  return ok({ keys: call.world.registry.serviceKeys.map(keyView) })
}

interface NewKey {
  service: string
  name?: string
  metadata?: Record<string, unknown>
  notes?: string
  expiration: number | null
}

function createKey(call: Call) {
  requireSuperuser(call)
  const { service, name = '', metadata = {}, notes = '', expiration } = bodyOf<NewKey>(call)
  const now = call.world.now()
  if (expiration !== null && expiration * 1000 <= now) invalidRequest(call, 'Given expiration date cannot be in the past')
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = pair.publicKey.export({ format: 'jwk' })
  const kid = Buffer.from(String(jwk.n)).toString('base64url').slice(0, 43)
  const approval = { at: now, approver: call.account?.name ?? '', notes }
  const expires = expiration === null ? null : expiration * 1000
  const key = { kid, service, name, metadata, jwk: { ...jwk, kid }, created: now, expires, rotation: null, approval }
  call.world.registry.serviceKeys.push(key)
  const details = { kid, preshared: true, service, name, expiration_date: expiration, auto_approved: true }
  log(call, 'service_key_create', call.account?.name ?? null, details)
  log(call, 'service_key_approve', call.account?.name ?? null, details)
  const text = {
    public_key: pair.publicKey.export({ type: 'spki', format: 'pem' }),
    private_key: pair.privateKey.export({ type: 'pkcs1', format: 'pem' }),
  }
  return ok({ kid, name, ...text, service })
}

function keyOf(call: Call) {
  requireSuperuser(call)
  return call.world.registry.serviceKeys.find(({ kid }) => kid === param(call, 'kid')) ?? notFound(call)
}

function changeKey(call: Call) {
  const key = keyOf(call)
  const { name, metadata, expiration } = bodyOf<{ name?: string; metadata?: Record<string, unknown>; expiration?: number | null }>(call)
  if (name !== undefined) key.name = name
  if (metadata !== undefined) key.metadata = metadata
  if (expiration !== undefined) key.expires = expiration === null ? null : expiration * 1000
  const details = { kid: key.kid, service: key.service, name: key.name, expiration_date: key.expires && seconds(key.expires) }
  log(call, expiration === undefined ? 'service_key_modify' : 'service_key_extend', call.account?.name ?? null, details)
  return ok(keyView(key))
}

function deleteKey(call: Call) {
  const key = keyOf(call)
  call.world.registry.serviceKeys = call.world.registry.serviceKeys.filter((one) => one !== key)
  log(call, 'service_key_delete', call.account?.name ?? null, { kid: key.kid, service: key.service, name: key.name })
  return noContent()
}

function approveKey(call: Call) {
  const key = keyOf(call)
  const { notes = '' } = bodyOf<{ notes?: string }>(call)
  key.approval = { at: call.world.now(), approver: call.account?.name ?? '', notes }
  log(call, 'service_key_approve', call.account?.name ?? null, { kid: key.kid, service: key.service, name: key.name })
  return { status: 201, body: '' }
}
