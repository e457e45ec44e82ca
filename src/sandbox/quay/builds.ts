import { createHash, randomUUID } from 'node:crypto'
import { bodyOf } from './body.ts'
import { buildView, logsOf, superuserBuildView } from './build-view.ts'
import { type Call, created, ok, param, type Route, route } from './call.ts'
import { dataModelError, invalidRequest, message, notFound, unauthorized } from './errors.ts'
import { findRepository, findRobot, fullName, repositoryOf } from './lookup.ts'
import { has } from './release.ts'
import type { Build, Repository } from './repository-state.ts'
import { hasFullAccess, hasNamespaceRole, requireRepository, requireSuperuser } from './rights.ts'
import { requireNormal } from './tags.ts'
import { log } from './usage-log.ts'

// BUILD_SUPPORT does not take these routes away (docs/quay.md, Per area).
export const buildRoutes: Route[] = [
  route('GET /repository/{repository}/build/', listBuilds),
  route('POST /repository/{repository}/build/', startBuild),
  route('GET /repository/{repository}/build/{build_uuid}', getBuild),
  route('DELETE /repository/{repository}/build/{build_uuid}', cancelBuild),
  route('GET /repository/{repository}/build/{build_uuid}/status', getStatus),
  route('GET /repository/{repository}/build/{build_uuid}/logs', getLogs),
  route('POST /filedrop/', fileDrop),
  route('GET /superuser/{build_uuid}/build', superuserBuild, 'SUPER_USERS'),
  route('GET /superuser/{build_uuid}/status', superuserBuild, 'SUPER_USERS'),
  route('GET /superuser/{build_uuid}/logs', superuserLogs, 'SUPER_USERS'),
]

/** Five unless `limit` says more; of a missing repository none (docs/quay.md, Paging; Status codes). */
function listBuilds(call: Call) {
  requireRepository(call, 'read')
  const repository = findRepository(call.world.registry, call.params.repository ?? '')
  const limit = Number(call.query.get('limit') ?? 5)
  const since = Number(call.query.get('since') ?? 0) * 1000
  if (!repository) return ok({ builds: [] })
  const builds = repository.builds.filter((build) => build.started >= since).toReversed()
  return ok({ builds: builds.slice(0, limit).map((build) => buildView(call, repository, build)) })
}

interface NewBuild {
  file_id?: string
  archive_url?: string
  subdirectory?: string
  dockerfile_path?: string
  context?: string
  pull_robot?: string
  docker_tags?: string[]
}

function startBuild(call: Call) {
  requireRepository(call, 'write')
  requireNormal(call)
  const body = bodyOf<NewBuild>(call)
  const { archive_url: archiveUrl = null, file_id: fileId = null, pull_robot: pullRobot = null } = body
  if (archiveUrl === null && fileId === null) invalidRequest(call, 'file_id or archive_url required')
  if (archiveUrl !== null) requireArchive(call, archiveUrl)
  if (pullRobot !== null) requirePullRobot(call, pullRobot)
  const repository = repositoryOf(call)
  if (fileId !== null && archiveUrl === null) requireFile(call, fileId)
  requireQueue(call, repository)
  const dockerfilePath = body.dockerfile_path ?? `${body.subdirectory ?? body.context ?? ''}/Dockerfile`
  const build: Build = {
    ...emptyBuild(call.world.now(), archiveUrl ?? fileId ?? ''),
    tags: (body.docker_tags ?? ['latest']).map((tag) => tag.replace(/[^\w.-]/g, '_')),
    dockerfilePath,
    context: body.context ?? (dockerfilePath.replace(/\/[^/]*$/, '') || '/'),
    manualUser: call.account?.name ?? null,
    pullRobot,
    archiveUrl,
    fileId,
  }
  return answerStarted(call, repository, build)
}

export function emptyBuild(now: number, source: string): Build {
  return {
    uuid: randomUUID(),
    phase: 'waiting',
    phaseSince: now,
    started: now,
    displayName: createHash('sha256').update(source).digest('hex').slice(0, 7),
    tags: ['latest'],
    dockerfilePath: '/Dockerfile',
    context: '/',
    manualUser: null,
    pullRobot: null,
    trigger: null,
    triggerMetadata: {},
    archiveUrl: null,
    fileId: null,
    error: null,
    logs: [],
  }
}

export function answerStarted(call: Call, repository: Repository, build: Build) {
  repository.builds.push(build)
  const details = { build_id: build.uuid, docker_tags: build.tags, repo: repository.name, namespace: repository.namespace }
  const by = { is_manual: build.manualUser !== null, manual_user: build.manualUser }
  // Neither performer nor OAuth details stand in this entry (recorded/su-logs-page).
  const { registry, now, notify } = call.world
  const entry = { kind: 'build_dockerfile', metadata: { ...details, ...by }, ip: call.ip, at: now(), performer: null }
  registry.logs.push({ ...entry, namespace: repository.namespace, repository: fullName(repository) })
  notify(fullName(repository), 'build_queued', { build_id: build.uuid, docker_tags: build.tags, repo: repository.name, ...by })
  const location = `/api/v1/repository/${fullName(repository)}/build/${build.uuid}/status`
  return { ...created(buildView(call, repository, build)), headers: { location } }
}

/** Anything public-looking will do, the cloud's metadata address included (docs/quay.md, Rights). */
function requireArchive(call: Call, address: string) {
  // Python's urlparse takes nearly anything; only an unclosed bracket is no URI for it.
  if (/\[[^\]]*$/.test(address)) invalidRequest(call, 'Invalid Archive URL: Must be a valid URI')
  if (!/^https?:/i.test(address)) invalidRequest(call, 'Invalid Archive URL: Must be http or https')
}

const requireFile = (call: Call, fileId: string): void => {
  if (!call.world.registry.uploads.includes(fileId)) invalidRequest(call, `File ${fileId} could not be found or is invalid`)
}

/** Admin of the ROBOT's namespace is needed; the full-access superuser may take any (docs/quay.md, rights matrix 7). */
function requirePullRobot(call: Call, name: string) {
  const [namespace = '', short] = name.split('+')
  if (short === undefined) unauthorized(call)
  if (!findRobot(call.world.registry, name)) notFound(call)
  const reaches = hasFullAccess(call) && has(call.world.registry, 'superusersPullRobots')
  if (!hasNamespaceRole(call, namespace, 'admin') && !reaches) unauthorized(call)
}

function requireQueue(call: Call, repository: Repository) {
  const { registry } = call.world
  const waiting = registry.repositories
    .filter((one) => one.namespace === repository.namespace)
    .flatMap((one) => one.builds)
    .filter(({ phase }) => phase === 'waiting')
  if (waiting.length >= registry.buildQueueLimit) message(429, 'Maximum queued build rate exceeded.')
}

function buildOf(call: Call) {
  const repository = repositoryOf(call)
  const build = repository.builds.find(({ uuid }) => uuid === param(call, 'build_uuid')) ?? notFound(call)
  return { repository, build }
}

function getBuild(call: Call) {
  requireRepository(call, 'read')
  const { repository, build } = buildOf(call)
  return ok(buildView(call, repository, build))
}

/** Only what still waits; starting takes write, cancelling admin (docs/quay.md, rights matrix 8). */
function cancelBuild(call: Call) {
  requireRepository(call, 'admin')
  const { repository, build } = buildOf(call)
  if (build.phase !== 'waiting') invalidRequest(call, 'Build is currently running or has finished')
  build.phase = 'cancelled'
  build.phaseSince = call.world.now()
  log(call, 'cancel_build', repository.namespace, { build_uuid: build.uuid }, fullName(repository))
  const details = { build_id: build.uuid, build_name: build.displayName, docker_tags: build.tags }
  call.world.notify(fullName(repository), 'build_cancelled', details)
  return created('Okay')
}

/** An unknown build is 404 above, and here 400 with a message of its own (docs/quay.md, Status codes). */
function knownBuild(call: Call) {
  const uuid = param(call, 'build_uuid')
  const repository = findRepository(call.world.registry, call.params.repository ?? '')
  const build = repository?.builds.find((one) => one.uuid === uuid)
  if (!repository || !build) dataModelError(`Unable to locate a build by id: ${uuid}`)
  return { repository, build }
}

function getStatus(call: Call) {
  requireRepository(call, 'read')
  const { repository, build } = knownBuild(call)
  return ok(buildView(call, repository, build))
}

/** Write is needed even on a public repository, unless READER_BUILD_LOGS (docs/quay.md, rights matrix 9). */
function getLogs(call: Call) {
  requireRepository(call, call.world.registry.features.READER_BUILD_LOGS ? 'read' : 'write')
  return logsOf(call, knownBuild(call).build)
}

/** An address to upload an archive to; needs an account and no right at all. */
function fileDrop(call: Call) {
  bodyOf(call)
  const id = randomUUID()
  call.world.registry.uploads.push(id)
  return ok({ url: `${call.world.origin()}/userfiles/${id}`, file_id: id })
}

function anyBuild(call: Call) {
  requireSuperuser(call)
  for (const repository of call.world.registry.repositories) {
    const build = repository.builds.find(({ uuid }) => uuid === param(call, 'build_uuid'))
    if (build) return { repository, build }
  }
  return notFound(call)
}

function superuserBuild(call: Call) {
  const { repository, build } = anyBuild(call)
  return ok(superuserBuildView(call, repository, build))
}

function superuserLogs(call: Call) {
  return logsOf(call, anyBuild(call).build)
}
