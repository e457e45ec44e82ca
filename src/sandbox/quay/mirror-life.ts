import { matchesGlob } from '../../core/pattern.ts'
import type { World } from './call.ts'
import { fullName } from './lookup.ts'
import type { Mirror, Repository } from './repository-state.ts'
import { digestOf, manifest } from './seed-parts.ts'
import { aliveTags, findTag, moveTag } from './tag-history.ts'

// What the mirror worker does. A reference that contains `fail` cannot be fetched.

const second = 1000
const pickedUpAfter = second
const syncTakes = 3 * second

export function advanceMirrors(world: World) {
  for (const repository of world.registry.repositories) if (repository.mirror) advanceMirror(world, repository, repository.mirror)
}

function advanceMirror(world: World, repository: Repository, mirror: Mirror) {
  const waited = world.now() - mirror.statusSince
  if (mirror.status === 'SYNCING' && waited >= syncTakes) return finish(world, repository, mirror)
  // A mirror that is switched off keeps its SYNC_NOW and is not touched (recorded/mirror-syncnow-disabled).
  if (!mirror.enabled) return
  const isDue = mirror.syncStart <= world.now() && mirror.status !== 'SYNCING' && mirror.status !== 'CANCEL'
  if ((mirror.status === 'SYNC_NOW' && waited >= pickedUpAfter) || isDue) begin(world, repository, mirror)
}

function begin(world: World, repository: Repository, mirror: Mirror) {
  const expiration = world.now() + mirror.skopeoTimeout * second
  Object.assign(mirror, { status: 'SYNCING', statusSince: world.now(), syncExpiration: expiration })
  report(world, repository, mirror, 'started', `'${mirror.externalReference}' with tag pattern '${mirror.rule.join(',')}'`)
}

function finish(world: World, repository: Repository, mirror: Mirror) {
  const failed = mirror.externalReference.includes('fail')
  const retries = failed ? Math.max(0, mirror.retriesRemaining - 1) : 3
  Object.assign(mirror, { status: failed ? 'FAIL' : 'SUCCESS', statusSince: world.now(), syncExpiration: null, retriesRemaining: retries })
  const interval = Math.max(mirror.syncInterval, 60) * second
  const passed = Math.max(0, Math.floor((world.now() - mirror.syncStart) / interval) + 1)
  mirror.syncStart += passed * interval
  if (failed)
    return report(world, repository, mirror, 'failed', `'${mirror.externalReference}' with tag pattern '${mirror.rule.join(',')}'`)
  bring(world, repository, mirror)
  report(world, repository, mirror, 'success', `'${mirror.externalReference}' with tag pattern '${mirror.rule.join(',')}'`)
}

/** Whatever of the repository the mirror does not bring, it deletes; but when it brings nothing at all, it leaves everything (docs/quay.md, Answers that mislead). */
function bring(world: World, repository: Repository, mirror: Mirror) {
  const wanted = new Set([...outside(world, mirror), ...mirror.rule.filter((name) => !isGlob(name))])
  const brought = [...wanted].filter((tag) => matchesGlob(mirror.rule, tag))
  if (brought.length === 0) return
  for (const tag of brought) fetchTag(world, repository, mirror, tag)
  for (const tag of aliveTags(repository, world.now())) if (!brought.includes(tag.name)) tag.end = world.now()
}

const isGlob = (name: string) => /[*?[]/.test(name)
const outside = ({ registry }: World, { externalReference }: Mirror) => registry.upstreams[externalReference] ?? ['latest']

/** The same image outside stays the same tag here. */
function fetchTag(world: World, repository: Repository, mirror: Mirror, tag: string) {
  const text = `${mirror.externalReference}:${tag}`
  if (findTag(repository, tag, world.now())?.digest === digestOf(text)) return
  repository.manifests.push(manifest(text, 95_000_000, world.now()))
  moveTag(repository, tag, digestOf(text), world.now())
}

function report(world: World, repository: Repository, mirror: Mirror, outcome: 'started' | 'success' | 'failed', message: string) {
  const { registry, now } = world
  const metadata = { repo: repository.name, namespace: repository.namespace, verb: outcome, message, robot: mirror.robot }
  const entry = { kind: `repo_mirror_sync_${outcome}`, metadata, ip: '127.0.0.1', at: now(), performer: mirror.robot }
  registry.logs.push({ ...entry, namespace: repository.namespace, repository: fullName(repository) })
  world.notify(fullName(repository), `repo_mirror_sync_${outcome}`, { message })
}
