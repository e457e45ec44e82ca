import type { World } from './call.ts'
import { findRepository } from './lookup.ts'
import { digestOf, manifest } from './seed-parts.ts'
import { moveTag } from './tag-history.ts'

const scanTakes = 5_000

/** A push of a new image under one tag, with everything that follows from it. */
export function pushTag(world: World, full: string, tag: string, performer?: string) {
  const { registry, now } = world
  const repository = findRepository(registry, full)
  if (!repository) throw new Error(`There is no repository ${full} to push to.`)
  const pushed = manifest(
    `${full}:${tag} ${registry.nextId++}`,
    80_000_000 + (Number.parseInt(digestOf(tag).slice(7, 13), 16) % 20_000_000),
    now(),
  )
  repository.manifests.push({ ...pushed, scanDue: now() + scanTakes })
  moveTag(repository, tag, pushed.digest, now())
  const day = new Date(now()).toISOString().slice(0, 10)
  repository.activity[day] = (repository.activity[day] ?? 0) + 1
  const username = performer ?? registry.users[0]?.name ?? null
  const metadata = {
    repo: repository.name,
    namespace: repository.namespace,
    'user-agent': 'podman/5.2',
    tag,
    mediaType,
    username,
    resolved_ip: resolvedIp,
  }
  registry.logs.push({
    kind: 'push_repo',
    metadata,
    ip: '198.51.100.7',
    at: now(),
    performer: username,
    namespace: repository.namespace,
    repository: full,
  })
  // A real body has neither time nor digest: two pushes of one tag look alike (docs/SECURITY.md rule 17).
  world.notify(full, 'repo_push', { updated_tags: [tag] })
}

const mediaType = 'application/vnd.oci.image.manifest.v1+json'
/** What Quay adds to entries about pushes and mirrors (recorded/pushed-repo-logs). */
export const resolvedIp = {
  provider: 'internet',
  service: null,
  sync_token: '1645662201',
  country_iso_code: null,
  aws_region: null,
  continent: null,
}
