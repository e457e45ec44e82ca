import { bodyOf, looseBodyOf } from './body.ts'
import { type Call, created, noContent, ok, type Route, route } from './call.ts'
import { dataModelError, invalidRequest, mirrorError, notFound, serverError } from './errors.ts'
import { findRobot, fullName, repositoryOf } from './lookup.ts'
import { refuseOrgMirrored } from './org-mirrors.ts'
import { requirePublicHost } from './outside-hosts.ts'
import { resolvedIp } from './pushes.ts'
import { has } from './release.ts'
import type { Mirror, Repository } from './repository-state.ts'
import { requireRepository } from './rights.ts'
import { log } from './usage-log.ts'

const base = '/repository/{repository}/mirror'

// There is no DELETE: it would fall through to the repository route and answer 204 (docs/quay.md, URLs).
export const mirrorRoutes: Route[] = [
  route(`GET ${base}`, getMirror, 'REPO_MIRROR'),
  route(`POST ${base}`, createMirror, 'REPO_MIRROR'),
  route(`PUT ${base}`, changeMirror, 'REPO_MIRROR'),
  route(`POST ${base}/sync-now`, syncNow, 'REPO_MIRROR'),
  route(`POST ${base}/sync-cancel`, syncCancel, 'REPO_MIRROR'),
]

interface MirrorBody {
  is_enabled?: boolean
  external_reference?: string
  external_registry_username?: string | null
  external_registry_password?: string | null
  external_registry_config?: { verify_tls?: boolean; unsigned_images?: boolean; proxy?: Record<string, string | null> }
  sync_interval?: number
  sync_start_date?: string
  root_rule?: { rule_kind: string; rule_value: string[] }
  robot_username?: string
  skopeo_timeout_interval?: number
  architecture_filter?: string[] | null
}

function mirrorOf(call: Call): { repository: Repository; mirror: Mirror } {
  requireRepository(call, 'admin')
  const repository = repositoryOf(call)
  return { repository, mirror: repository.mirror ?? notFound(call) }
}

function getMirror(call: Call) {
  const { mirror } = mirrorOf(call)
  return ok({
    is_enabled: mirror.enabled,
    mirror_type: 'PULL',
    external_reference: mirror.externalReference,
    external_registry_username: mirror.username,
    external_registry_config: mirror.config,
    sync_interval: mirror.syncInterval,
    sync_start_date: zulu(mirror.syncStart, mirror.startWithMicroseconds),
    sync_expiration_date: mirror.syncExpiration === null ? null : zulu(mirror.syncExpiration, true),
    sync_retries_remaining: mirror.retriesRemaining,
    sync_status: mirror.status,
    root_rule: { rule_kind: 'tag_glob_csv', rule_value: mirror.rule },
    robot_username: mirror.robot,
    skopeo_timeout_interval: mirror.skopeoTimeout,
    architecture_filter: mirror.architectures,
  })
}

/** Whole seconds as they were given, microseconds where the server set the date (docs/quay.md, Dates). */
const zulu = (at: number, withMicroseconds: boolean) => new Date(at).toISOString().replace(/\.(\d+)Z$/, withMicroseconds ? '.$1000Z' : 'Z')

/** Exactly `YYYY-MM-DDTHH:MM:SSZ`: neither milliseconds nor offsets (docs/quay.md, Dates). */
function startOf(call: Call, text: string) {
  const isFit = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text)
  // Releases that do not check the host do not check the date either, and break (docs/quay.md, Releases §1b).
  if (!isFit && !has(call.world.registry, 'mirrorHostChecks')) serverError()
  if (!isFit) mirrorError(400, 'Incorrect DateTime format for sync_start_date.')
  return Date.parse(text)
}

function requireRobot(call: Call, { namespace }: Repository, name: string) {
  const robot = findRobot(call.world.registry, name) ?? dataModelError('Could not find robot with specified username')
  if (robot.namespace !== namespace) dataModelError('Invalid robot')
}

function requireRule(call: Call, rule: string[]) {
  if (rule.length === 0) invalidRequest(call, 'validation failed: rule_value for TAG_GLOB_CSV must be a list with at least one rule')
}

/** Some releases hand everything on to a function that does not know it, and break (docs/quay.md, Releases §1b). */
function refuseUnknownTimeout(call: Call) {
  if (!has(call.world.registry, 'mirrorTimeoutHarmless') && 'skopeo_timeout_interval' in looseBodyOf(call)) serverError()
}

/** Works on a repository in any state and puts it into the state MIRROR (docs/quay.md, Per area). */
function createMirror(call: Call) {
  requireRepository(call, 'admin')
  const body = bodyOf<Required<Pick<MirrorBody, 'external_reference' | 'sync_interval' | 'sync_start_date' | 'root_rule'>> & MirrorBody>(
    call,
  )
  const repository = repositoryOf(call)
  refuseOrgMirrored(call, repository.namespace)
  refuseUnknownTimeout(call)
  if (repository.mirror) mirrorError(409, `Mirror configuration already exits for repository ${fullName(repository)}`)
  const start = startOf(call, body.sync_start_date)
  requirePublicHost(call, body.external_reference, 'mirrorHostChecks')
  requireRule(call, body.root_rule.rule_value)
  // The schema calls it optional, and without it Quay breaks (docs/quay.md, Errors).
  if (body.robot_username === undefined) return serverError()
  requireRobot(call, repository, body.robot_username)
  repository.mirror = {
    enabled: body.is_enabled ?? true,
    externalReference: body.external_reference,
    username: body.external_registry_username ?? null,
    password: body.external_registry_password ?? null,
    config: body.external_registry_config ?? {},
    syncStart: start,
    startWithMicroseconds: false,
    syncInterval: body.sync_interval,
    syncExpiration: null,
    retriesRemaining: 3,
    status: 'NEVER_RUN',
    statusSince: call.world.now(),
    rule: body.root_rule.rule_value,
    robot: body.robot_username,
    skopeoTimeout: body.skopeo_timeout_interval ?? 300,
    architectures: body.architecture_filter ?? [],
  }
  repository.state = 'MIRROR'
  changed(call, repository, 'external_reference', body.external_reference)
  return created('')
}

function changed(call: Call, repository: Repository, what: string, to: unknown) {
  const who = { username: call.account?.name, resolved_ip: resolvedIp }
  const details = { repo: repository.name, namespace: repository.namespace, changed: what, to, ...who }
  log(call, 'repo_mirror_config_changed', repository.namespace, details, fullName(repository))
}

/** What is written to the usage log, and what changes. */
type Change = [what: string, to: unknown, change: Partial<Mirror>]

const given = <Value>(value: Value | undefined, change: (value: Value) => Change): Change[] => (value === undefined ? [] : [change(value)])

function changeMirror(call: Call) {
  requireRepository(call, 'admin')
  const body = bodyOf<MirrorBody>(call)
  const { repository, mirror } = mirrorOf(call)
  // All of them are checked before the first one happens.
  const changes = [...changesOf(call, repository, body), ...credentialChanges(body, mirror), ...configChanges(body, mirror)]
  for (const [what, to, change] of changes) {
    Object.assign(mirror, change)
    changed(call, repository, what, to)
  }
  return created('')
}

function changesOf(call: Call, repository: Repository, body: MirrorBody): Change[] {
  if (body.external_reference !== undefined) requirePublicHost(call, body.external_reference, 'mirrorHostChecks')
  if (body.robot_username !== undefined) requireRobot(call, repository, body.robot_username)
  if (body.root_rule !== undefined) requireRule(call, body.root_rule.rule_value)
  const start = body.sync_start_date === undefined ? undefined : startOf(call, body.sync_start_date)
  return [
    ...given(body.is_enabled, (enabled) => ['is_enabled', enabled, { enabled }]),
    ...given(body.external_reference, (externalReference) => ['external_reference', externalReference, { externalReference }]),
    ...given(body.robot_username, (robot) => ['robot_username', robot, { robot }]),
    ...given(start, (syncStart) => ['sync_start_date', syncStart / 1000, { syncStart, startWithMicroseconds: false }]),
    ...given(body.sync_interval, (syncInterval) => ['sync_interval', syncInterval, { syncInterval }]),
    ...given(body.skopeo_timeout_interval, (skopeoTimeout) => ['skopeo_timeout_interval', skopeoTimeout, { skopeoTimeout }]),
    ...given(body.root_rule?.rule_value, (rule) => ['mirror_rule', rule, { rule }]),
    ...given(body.architecture_filter, (filter) => ['architecture_filter', filter, { architectures: filter ?? [] }]),
  ]
}

function credentialChanges(body: MirrorBody, mirror: Mirror): Change[] {
  const { external_registry_username: username, external_registry_password: password } = body
  if (password !== undefined && username === undefined) mirrorError(400, 'Unable to set a new password without also specifying a username.')
  if (username === null && typeof password === 'string') mirrorError(400, 'Unable to delete username while setting a password.')
  if (username === undefined) return []
  const change = { username, password: username === null ? null : (password ?? mirror.password) }
  return [['external_registry_username', username, change], ...given(password, (): Change => ['external_registry_password', null, {}])]
}

/** Several proxy keys at once: Quay loses http_proxy (docs/quay.md, Per area). */
function configChanges({ external_registry_config: config }: MirrorBody, mirror: Mirror): Change[] {
  if (!config) return []
  const { http_proxy, ...others } = config.proxy ?? {}
  const kept = Object.keys(others).length > 0 ? others : config.proxy
  const next = { ...mirror.config, ...config, ...(kept && { proxy: kept }) }
  const said = Object.entries({ ...config, ...config.proxy }).filter(([what]) => what !== 'proxy')
  return said.map(([what, to]) => [what, to, { config: next }])
}

function syncNow(call: Call) {
  const { repository, mirror } = mirrorOf(call)
  Object.assign(mirror, { status: 'SYNC_NOW', statusSince: call.world.now(), retriesRemaining: Math.max(mirror.retriesRemaining, 1) })
  changed(call, repository, 'sync_status', 'SYNC_NOW')
  return noContent()
}

/** Nothing to cancel is 404 (docs/quay.md, Per area). */
function syncCancel(call: Call) {
  const { repository, mirror } = mirrorOf(call)
  if (mirror.status !== 'SYNCING' && mirror.status !== 'SYNC_NOW') notFound(call)
  Object.assign(mirror, { status: 'CANCEL', statusSince: call.world.now(), retriesRemaining: 0, syncExpiration: null })
  changed(call, repository, 'sync_status', 'SYNC_CANCEL')
  return noContent()
}
