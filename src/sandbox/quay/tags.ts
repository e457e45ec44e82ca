import { bodyOf } from './body.ts'
import { type Call, created, noContent, ok, param, type Route, route } from './call.ts'
import { apiException, invalidRequest, message, notFound, refuse } from './errors.ts'
import { findRepository, fullName, repositoryOf } from './lookup.ts'
import { tagPattern } from './names.ts'
import type { Manifest, Repository, Tag } from './repository-state.ts'
import { requireRepository } from './rights.ts'
import { aliveTags, findTag, history, moveTag } from './tag-history.ts'
import { log } from './usage-log.ts'
import { rfc2822, seconds, truthy } from './views.ts'

export const tagRoutes: Route[] = [
  route('GET /repository/{repository}/tag/', listTags),
  route('PUT /repository/{repository}/tag/{tag}', putTag),
  route('DELETE /repository/{repository}/tag/{tag}', deleteTag),
  route('POST /repository/{repository}/tag/{tag}/restore', restoreTag),
  route('POST /repository/{repository}/tag/{tag}/expire', expireTag, 'CHANGE_TAG_EXPIRATION'),
]

function listTags(call: Call) {
  requireRepository(call, 'read')
  const repository = repositoryOf(call)
  const { query, world } = call
  const number = Math.max(1, Number(query.get('page') ?? 1))
  const limit = Math.min(100, Math.max(1, Number(query.get('limit') ?? 50)))
  const all = truthy(query.get('onlyActiveTags')) ? aliveTags(repository, world.now()) : history(repository)
  const specific = query.get('specificTag')
  const found = all.filter((tag) => !specific || tag.name === specific).filter(nameFilter(query.get('filter_tag_name')))
  const start = (number - 1) * limit
  const tags = found.slice(start, start + limit).map((tag) => tagView(repository, tag))
  return ok({ tags, page: number, has_additional: found.length > start + limit })
}

function nameFilter(text: string | null): (tag: Tag) => boolean {
  if (!text) return () => true
  const [operation = '', name] = text.split(/:(.*)/)
  if (name === undefined || !['like', 'eq'].includes(operation)) {
    message(400, "Unsupported syntax for filter_tag_name. Expected <operation>:<tag_name> where <operation>can be 'like' or 'eq'.")
  }
  return operation === 'eq' ? (tag) => tag.name === name : (tag) => tag.name.includes(name)
}

function tagView(repository: Repository, tag: Tag) {
  const manifest = repository.manifests.find((one) => one.digest === tag.digest)
  const isList = Boolean(manifest && manifest.children.length > 0)
  return {
    name: tag.name,
    reversion: tag.reversion,
    immutable: tag.immutable,
    start_ts: seconds(tag.start),
    ...(tag.end !== null && { end_ts: seconds(tag.end) }),
    manifest_digest: tag.digest,
    is_manifest_list: isList,
    size: isList ? null : (manifest?.size ?? null),
    last_modified: rfc2822(tag.start),
    ...(tag.end !== null && { expiration: rfc2822(tag.end) }),
    ...(manifest && isList && childrenView(manifest)),
  }
}

function childrenView({ children }: Manifest) {
  const present = Object.fromEntries(children.map((digest) => [digest, true]))
  return {
    is_sparse: false,
    child_manifest_count: children.length,
    present_child_count: children.length,
    child_manifests_presence: present,
  }
}

const states: Record<Repository['state'], number> = { NORMAL: 0, READ_ONLY: 1, MIRROR: 2, ORG_MIRROR: 4 }

/** Not to be tried again: the 503 stays until the state changes (docs/quay.md, Status codes). */
export function requireNormal(call: Call) {
  const state = findRepository(call.world.registry, call.params.repository ?? '')?.state ?? 'NORMAL'
  if (state !== 'NORMAL') message(503, `Repository is in read only or mirror mode: ${states[state]}`)
}

function immutableError(call: Call, text: string): never {
  refuse(apiException(call.world, 409, 'tag_immutable', text))
}

interface Change {
  manifest_digest?: string | null
  expiration?: number | null
  immutable?: boolean
}

function putTag(call: Call) {
  requireRepository(call, 'write')
  requireNormal(call)
  const change = bodyOf<Change>(call)
  const name = param(call, 'tag')
  if (!tagPattern.test(name)) {
    message(400, 'Invalid tag: must match [A-Za-z0-9_.-], NOT start with "." or "-", and can contain 1-128 characters')
  }
  const repository = repositoryOf(call)
  if (change.expiration !== undefined) changeExpiration(call, repository, name, change.expiration)
  // After an expiration, so that moving makes a fresh line of history without one: the expiration is lost (docs/quay.md, Per area).
  if (typeof change.manifest_digest === 'string') retarget(call, repository, name, change.manifest_digest)
  if (change.immutable !== undefined) changeImmutability(call, repository, name, change.immutable)
  return created('Updated')
}

function metadata(call: Call, repository: Repository, tag: string) {
  return { username: call.account?.name, repo: repository.name, tag, namespace: repository.namespace }
}

function changeExpiration(call: Call, repository: Repository, name: string, expiration: number | null) {
  const now = call.world.now()
  const tag = findTag(repository, name, now) ?? notFound(call)
  if (expiration !== null && expiration * 1000 <= now)
    message(400, 'The browser (or proxy) sent a request that this server could not understand.')
  if (tag.immutable && expiration !== null) immutableError(call, `Cannot set expiration on immutable tag '${name}'`)
  const before = tag.end === null ? null : seconds(tag.end)
  tag.end = expiration === null ? null : clampedEnd(tag, Math.floor(expiration) * 1000)
  if (before === null && expiration === null) return
  const details = { ...metadata(call, repository, name), expiration_date: expiration, old_expiration_date: before }
  log(call, 'change_tag_expiration', repository.namespace, details, fullName(repository))
}

const shortestLife = 3600 * 1000
const longestLife = 104 * 7 * 24 * 3600 * 1000

/** A life is counted from the tag's start and cut to 1 h … 104 weeks, silently: an old tag may end in the past, and is gone (docs/quay.md, Answers that mislead). */
const clampedEnd = ({ start }: Tag, wanted: number) => start + Math.min(longestLife, Math.max(shortestLife, wanted - start))

function retarget(call: Call, repository: Repository, name: string, digest: string) {
  const now = call.world.now()
  const before = findTag(repository, name, now)
  const isHeld = repository.tags.some((tag) => tag.digest === digest && (tag.end === null || tag.end > now))
  const manifest = repository.manifests.find((one) => one.digest === digest) ?? notFound(call)
  if (!isHeld && !repository.manifests.some((one) => one.children.includes(manifest.digest))) notFound(call)
  if (before?.immutable) immutableError(call, `Cannot overwrite immutable tag '${name}'`)
  moveTag(repository, name, digest, now)
  const details = { ...metadata(call, repository, name), manifest_digest: digest, original_manifest_digest: before?.digest ?? null }
  log(call, before ? 'move_tag' : 'create_tag', repository.namespace, details, fullName(repository))
}

/** A writer may make a tag immutable; to undo it takes an admin (docs/quay.md, rights matrix 10). */
function changeImmutability(call: Call, repository: Repository, name: string, immutable: boolean) {
  if (!call.world.registry.features.IMMUTABLE_TAGS) return
  if (!immutable) requireRepository(call, 'admin')
  const tag = findTag(repository, name, call.world.now()) ?? notFound(call)
  const before = tag.immutable
  if (before === immutable) return
  tag.immutable = immutable
  const details = { ...metadata(call, repository, name), immutable, previous_immutable: before }
  log(call, 'change_tag_immutability', repository.namespace, details, fullName(repository))
}

function deleteTag(call: Call) {
  requireRepository(call, 'write')
  requireNormal(call)
  const repository = repositoryOf(call)
  const name = param(call, 'tag')
  const now = call.world.now()
  const tag = findTag(repository, name, now) ?? notFound(call)
  if (tag.immutable) immutableError(call, `Cannot delete immutable tag '${name}'`)
  tag.end = now
  const details = { username: call.account?.name, repo: repository.name, namespace: repository.namespace, tag: name }
  log(call, 'delete_tag', repository.namespace, details, fullName(repository))
  return noContent()
}

function restoreTag(call: Call) {
  requireRepository(call, 'write')
  requireNormal(call)
  const { manifest_digest: digest } = bodyOf<{ manifest_digest?: string }>(call)
  const repository = repositoryOf(call)
  const name = param(call, 'tag')
  if (digest === undefined) return invalidRequest(call, 'Missing manifest_digest')
  if (!repository.manifests.some((one) => one.digest === digest)) notFound(call)
  const now = call.world.now()
  if (findTag(repository, name, now)?.immutable) immutableError(call, `Cannot overwrite immutable tag '${name}'`)
  moveTag(repository, name, digest, now, true)
  log(
    call,
    'revert_tag',
    repository.namespace,
    { username: call.account?.name, repo: repository.name, tag: name, manifest_digest: digest },
    fullName(repository),
  )
  return ok({})
}

interface Expiry {
  manifest_digest?: string
  is_alive?: boolean
}

/** Takes a tag out of the time machine: for good, by an end that lies before the window of recovery. */
function expireTag(call: Call) {
  requireRepository(call, 'write')
  requireNormal(call)
  const { manifest_digest: digest, is_alive: alive = false } = bodyOf<Expiry>(call)
  const repository = repositoryOf(call)
  const name = param(call, 'tag')
  const now = call.world.now()
  if (!alive && digest === undefined) invalidRequest(call, 'manifest_digest required when is_alive set to false')
  const wanted = (tag: Tag) =>
    tag.name === name && (alive ? tag.end === null || tag.end > now : tag.end !== null && tag.end <= now && tag.digest === digest)
  const found = repository.tags.filter(wanted)
  const [first] = found
  if (!first) return notFound(call)
  for (const tag of found) tag.end = now - 24 * 3600 * 1000
  const details = {
    username: call.account?.name,
    repo: repository.name,
    namespace: repository.namespace,
    tag: name,
    manifest_digest: first.digest,
  }
  log(call, 'permanently_delete_tag', repository.namespace, details, fullName(repository))
  return ok('')
}
