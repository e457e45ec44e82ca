import { randomUUID } from 'node:crypto'
import { bodyOf } from './body.ts'
import { type Call, created, noContent, ok, type Route, route } from './call.ts'
import { invalidRequest, mirrorError, notFound, serverError, unauthorized } from './errors.ts'
import { findNamespace, findOrganization, findRepository, fullName, rank, repositoryOf, splitName } from './lookup.ts'
import { isRepositoryName } from './names.ts'
import { refuseOrgMirrored } from './org-mirrors.ts'
import { applyPrototypes } from './prototypes.ts'
import type { Repository } from './repository-state.ts'
import { hasFullAccess, isGlobalReader, isRestricted, isSeenAsAdmin, mayCreateIn, repositoryRole, requireRepository } from './rights.ts'
import { emptyRepository } from './seed-parts.ts'
import { aliveTags } from './tag-history.ts'
import { log } from './usage-log.ts'
import { rfc2822, truthy } from './views.ts'

export const repositoryRoutes: Route[] = [
  route('POST /repository', createRepository),
  route('GET /repository/{repository}', getRepository),
  route('PUT /repository/{repository}', changeDescription),
  route('DELETE /repository/{repository}', deleteRepository),
  route('POST /repository/{repository}/changevisibility', changeVisibility),
  route('PUT /repository/{repository}/changestate', changeState, 'REPO_MIRROR'),
]

interface NewRepository {
  repository: string
  visibility: 'public' | 'private'
  description: string
  namespace?: string
}

function createRepository(call: Call) {
  const { repository: name, visibility, description, namespace = call.account?.name ?? '' } = bodyOf<NewRepository>(call)
  const { registry } = call.world
  // As full-access superuser a missing namespace ends in 500, for all others in 403 (docs/quay.md, Errors).
  if (hasFullAccess(call) && !findNamespace(registry, namespace)) serverError()
  if (!mayCreateIn(call, namespace)) unauthorized(call)
  if (isRestricted(call) && namespace === call.account?.name) unauthorized(call)
  refuseOrgMirrored(call, namespace)
  if (findRepository(registry, `${namespace}/${name}`)) invalidRequest(call, 'Repository already exists')
  if (!isRepositoryName(name, Boolean(registry.features.EXTENDED_REPOSITORY_NAMES))) invalidRequest(call, 'Invalid repository name')
  const repository = emptyRepository({ id: registry.nextId++, namespace, name, created: call.world.now(), visibility, description })
  // Its only admin is whoever asked, the token's account (docs/quay.md, Rights).
  if (findOrganization(registry, namespace) || namespace !== call.account?.name)
    repository.userPermissions[call.account?.name ?? ''] = 'admin'
  else repository.userPermissions[namespace] = 'admin'
  applyPrototypes(call, repository)
  registry.repositories.push(repository)
  log(call, 'create_repo', namespace, { repo: name, namespace }, fullName(repository))
  return created({ namespace, name, kind: 'image' })
}

function getRepository(call: Call) {
  requireRepository(call, 'read')
  const repository = repositoryOf(call)
  const role = repositoryRole(call, fullName(repository))
  const canWrite = repository.state === 'NORMAL' && (rank(role) >= rank('write') || isSeenAsAdmin(call))
  const withTags = call.query.get('includeTags') === null || truthy(call.query.get('includeTags'))
  return ok({
    ...baseView(call, repository),
    ...(withTags && { tags: tagsView(call, repository) }),
    // A global reader is shown as admin, and still may change nothing (docs/quay.md, rights matrix 4).
    can_write: canWrite,
    can_admin: role === 'admin' || isSeenAsAdmin(call) || isGlobalReader(call),
    ...(truthy(call.query.get('includeStats')) && { stats: statistics(call, repository) }),
  })
}

function baseView(call: Call, repository: Repository) {
  const { namespace, name, description, visibility, state, statusToken } = repository
  const organization = findOrganization(call.world.registry, namespace)
  const isPublic = visibility === 'public'
  return {
    namespace,
    name,
    kind: 'image',
    description,
    is_public: isPublic,
    is_organization: Boolean(organization),
    is_starred: Boolean(call.account?.starred.includes(fullName(repository))),
    status_token: isPublic ? '' : statusToken,
    trust_enabled: false,
    tag_expiration_s: findNamespace(call.world.registry, namespace)?.tagExpiration ?? 0,
    is_free_account: true,
    state,
  }
}

function tagsView(call: Call, repository: Repository) {
  const tags = aliveTags(repository, call.world.now()).slice(0, 500)
  const view = (tag: (typeof tags)[number]) => ({
    name: tag.name,
    size: sizeOfTag(repository, tag.digest),
    last_modified: rfc2822(tag.start),
    ...(tag.end !== null && { expiration: rfc2822(tag.end) }),
    manifest_digest: tag.digest,
  })
  return Object.fromEntries(tags.map((tag) => [tag.name, view(tag)]))
}

/** Null of a list of images (recorded/oci-repo-get-tags). */
function sizeOfTag(repository: Repository, digest: string) {
  const manifest = repository.manifests.find((one) => one.digest === digest)
  return manifest && manifest.children.length === 0 ? manifest.size : null
}

/** One entry per day of the last three months. */
function statistics(call: Call, repository: Repository) {
  const day = 24 * 3600 * 1000
  const dates = Array.from({ length: 91 }, (_, index) => new Date(call.world.now() - (index + 1) * day).toISOString().slice(0, 10))
  return dates.map((date) => ({ date, count: repository.activity[date] ?? 0 }))
}

function changeDescription(call: Call) {
  requireRepository(call, 'write')
  const { description } = bodyOf<{ description: string }>(call)
  const repository = repositoryOf(call)
  repository.description = description
  log(
    call,
    'set_repo_description',
    repository.namespace,
    { repo: repository.name, namespace: repository.namespace, description },
    fullName(repository),
  )
  return ok({ success: true })
}

/** 204 whether or not there was anything to delete: DELETE of any unknown sub-path ends here too (docs/quay.md, URLs). */
function deleteRepository(call: Call) {
  requireRepository(call, 'admin')
  const full = call.params.repository ?? ''
  const { namespace, name } = splitName(full)
  const { registry } = call.world
  const deleted = registry.repositories.filter((repository) => fullName(repository) === full)
  registry.repositories = registry.repositories.filter((repository) => fullName(repository) !== full)
  // The row stays under another name until the garbage collector comes (docs/quay.md, Answers that mislead).
  registry.deletedRepositories.push(...deleted.map((repository) => ({ ...repository, name: randomUUID() })))
  for (const user of registry.users) user.starred = user.starred.filter((one) => one !== full)
  log(call, 'delete_repo', namespace, { repo: name, namespace })
  return noContent()
}

function changeVisibility(call: Call) {
  requireRepository(call, 'admin')
  const { visibility } = bodyOf<{ visibility: 'public' | 'private' }>(call)
  const repository = findRepository(call.world.registry, call.params.repository ?? '')
  // Of a missing repository: 200 and null (docs/quay.md, Status codes).
  if (!repository) return ok(null)
  repository.visibility = visibility
  log(
    call,
    'change_repo_visibility',
    repository.namespace,
    { repo: repository.name, namespace: repository.namespace, visibility },
    fullName(repository),
  )
  return ok({ success: true })
}

function changeState(call: Call) {
  requireRepository(call, 'admin')
  const { state } = bodyOf<{ state: Repository['state'] }>(call)
  const repository = findRepository(call.world.registry, call.params.repository ?? '') ?? notFound(call)
  if (repository.state === 'ORG_MIRROR') refuseOrgMirrored(call, repository.namespace)
  if (repository.state === state) mirrorError(400, `Repository is already in state ${state}`)
  repository.state = state
  log(
    call,
    'change_repo_state',
    repository.namespace,
    { repo: repository.name, namespace: repository.namespace, state_changed: state },
    fullName(repository),
  )
  return ok({ success: true })
}
