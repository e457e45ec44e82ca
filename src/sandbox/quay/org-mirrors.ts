import { bodyOf } from './body.ts'
import { type Call, created, noContent, ok, type Route, route } from './call.ts'
import { dataModelError, invalidRequest, mirrorError, notFound } from './errors.ts'
import { findOrganization, findRobot, organizationOf } from './lookup.ts'
import type { Organization } from './registry.ts'
import { requireNamespace } from './rights.ts'
import { log } from './usage-log.ts'
import { isoMicroseconds } from './views.ts'

// Mirroring of a whole organisation: newer than any release (docs/quay.md, How it ran). Kept, never synced here.

const base = '/organization/{orgname}/mirror'

export const orgMirrorRoutes: Route[] = [
  route(`GET ${base}`, (call) => ok(mirrorOf(call).mirror), 'ORG_MIRROR'),
  route(`POST ${base}`, createMirror, 'ORG_MIRROR'),
  route(`PUT ${base}`, changeMirror, 'ORG_MIRROR'),
  route(`DELETE ${base}`, deleteMirror, 'ORG_MIRROR'),
  route(`POST ${base}/sync-now`, (call) => setStatus(call, 'SYNC_NOW', 'org_mirror_sync_now_requested'), 'ORG_MIRROR'),
  route(`POST ${base}/sync-cancel`, (call) => setStatus(call, 'CANCEL', 'org_mirror_sync_cancelled'), 'ORG_MIRROR'),
  route(`GET ${base}/repositories`, listRepositories, 'ORG_MIRROR'),
]

interface MirrorBody {
  is_enabled?: boolean
  external_registry_type: string
  external_registry_url: string
  external_namespace: string
  external_registry_username?: string | null
  external_registry_password?: string | null
  external_registry_config?: Record<string, unknown>
  repository_filters?: string[]
  robot_username: string
  visibility: string
  sync_interval: number
  sync_start_date: string
  skopeo_timeout?: number
}

function mirrorOf(call: Call): { organization: Organization; mirror: Record<string, unknown> } {
  requireNamespace(call, 'admin')
  const organization = organizationOf(call)
  return { organization, mirror: organization.mirror ?? notFound(call) }
}

const statuses = ['CANCEL', 'FAIL', 'NEVER_RUN', 'SUCCESS', 'SYNCING', 'SYNC_NOW', 'SKIP']

function createMirror(call: Call) {
  requireNamespace(call, 'admin')
  const body = bodyOf<MirrorBody>(call)
  const organization = organizationOf(call)
  if (organization.mirror) mirrorError(409, 'Mirror configuration already exists for this organization')
  if (!findRobot(call.world.registry, body.robot_username)) dataModelError('Could not find robot with specified username')
  organization.mirror = {
    is_enabled: body.is_enabled ?? true,
    external_registry_type: body.external_registry_type,
    external_registry_url: body.external_registry_url,
    external_namespace: body.external_namespace,
    external_registry_username: body.external_registry_username ?? null,
    has_external_registry_password: Boolean(body.external_registry_password),
    external_registry_config: body.external_registry_config ?? {},
    repository_filters: body.repository_filters ?? [],
    robot_username: body.robot_username,
    visibility: body.visibility,
    sync_interval: body.sync_interval,
    sync_start_date: body.sync_start_date,
    sync_expiration_date: null,
    sync_status: 'NEVER_RUN',
    sync_retries_remaining: 3,
    repo_sync_status_counts: Object.fromEntries(statuses.map((status) => [status, 0])),
    skopeo_timeout: body.skopeo_timeout ?? 300,
    creation_date: isoMicroseconds(call.world.now()),
  }
  const { external_registry_type, external_registry_url, external_namespace, sync_interval, robot_username } = body
  log(call, 'org_mirror_enabled', organization.name, {
    external_registry_type,
    external_registry_url,
    external_namespace,
    sync_interval,
    robot_username,
  })
  return created('')
}

function changeMirror(call: Call) {
  const { organization, mirror } = mirrorOf(call)
  const { external_registry_password: password, ...body } = bodyOf<Partial<MirrorBody>>(call)
  Object.assign(mirror, body, password === undefined ? {} : { has_external_registry_password: Boolean(password) })
  log(call, 'org_mirror_config_changed', organization.name, body)
  return ok('')
}

const reference = (mirror: Record<string, unknown>) => ({
  external_reference: `${mirror.external_registry_url}/${mirror.external_namespace}`,
})

function deleteMirror(call: Call) {
  const { organization, mirror } = mirrorOf(call)
  delete organization.mirror
  log(call, 'org_mirror_disabled', organization.name, reference(mirror))
  return noContent()
}

function setStatus(call: Call, status: string, kind: string) {
  const { organization, mirror } = mirrorOf(call)
  mirror.sync_status = status
  log(call, kind, organization.name, reference(mirror))
  return noContent()
}

/** What a mirror of the whole organisation brings, nobody else makes or changes (docs/quay.md, Releases §1b). */
export function refuseOrgMirrored(call: Call, namespace: string) {
  if (findOrganization(call.world.registry, namespace)?.mirror)
    invalidRequest(call, `Repositories of ${namespace} are managed by organization-level mirroring`)
}

function listRepositories(call: Call) {
  mirrorOf(call)
  return ok({
    repositories: [],
    page: Number(call.query.get('page') ?? 1),
    limit: Number(call.query.get('limit') ?? 100),
    total: 0,
    has_next: false,
  })
}
