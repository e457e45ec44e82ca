import { type Call, created, ok, type Route, route, type World } from './call.ts'
import { sizeOf } from './quota-view.ts'
import { requireSuperuser } from './rights.ts'

// The installation as a whole, for superusers.

export const installationRoutes: Route[] = [
  route('GET /superuser/registrysize/', getSize, 'SUPER_USERS'),
  route('POST /superuser/registrysize/', queueSize, 'SUPER_USERS'),
  route('GET /superuser/registrystatus', () => ok({ provider_id: 'file', status: 'ready' }), 'SUPER_USERS'),
  route('GET /superuser/changelog/', getChangelog, 'SUPER_USERS'),
  route('GET /superuser/config', getConfig, 'SUPER_USERS', 'SUPERUSER_CONFIGDUMP'),
]

/** The time is in milliseconds, here alone (docs/quay.md, Dates). */
function getSize(call: Call) {
  requireSuperuser(call)
  const { bytes, lastRan, queuedAt } = call.world.registry.registrySize
  return ok({ size_bytes: bytes, last_ran: lastRan, running: false, queued: queuedAt !== null })
}

/** 201 when it is queued by this call, 202 when it was already (docs/quay.md, Status codes). */
function queueSize(call: Call) {
  requireSuperuser(call)
  const { registrySize } = call.world.registry
  if (registrySize.queuedAt !== null) return { status: 202, body: '' }
  registrySize.queuedAt = call.world.now()
  return created('')
}

const countingTakes = 3_000

/** The worker that adds up all images. */
export function countRegistry({ registry, now }: World) {
  const { queuedAt } = registry.registrySize
  if (queuedAt === null || now() - queuedAt < countingTakes) return
  const bytes = registry.repositories.reduce((sum, repository) => sum + sizeOf(repository), 0)
  registry.registrySize = { bytes, lastRan: now(), queuedAt: null }
}

function getChangelog(call: Call) {
  requireSuperuser(call)
  return ok({ log: '## Simulated Quay\n\nNothing ever changes here.\n' })
}

function getConfig(call: Call) {
  requireSuperuser(call)
  const { features, authenticationType } = call.world.registry
  const flags = Object.fromEntries(Object.entries(features).map(([name, value]) => [`FEATURE_${name}`, value]))
  return ok({
    config: { AUTHENTICATION_TYPE: authenticationType, PREFERRED_URL_SCHEME: 'http', ...flags },
    warning: {},
    env: {},
    schema: {},
  })
}
