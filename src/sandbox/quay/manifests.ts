import { randomUUID } from 'node:crypto'
import { bodyOf } from './body.ts'
import { type Call, created, noContent, ok, param, type Route, route } from './call.ts'
import { dataModelError, notFound } from './errors.ts'
import { fullName, repositoryOf } from './lookup.ts'
import { manifestData } from './manifest-data.ts'
import type { Label, Manifest, Repository } from './repository-state.ts'
import { requireRepository } from './rights.ts'
import { findTag } from './tag-history.ts'
import { requireNormal } from './tags.ts'
import { log } from './usage-log.ts'
import { rfc2822OrNull } from './views.ts'

const base = '/repository/{repository}/manifest/{manifestref}'

export const manifestRoutes: Route[] = [
  route(`GET ${base}`, getManifest),
  route(`GET ${base}/labels`, listLabels),
  route(`POST ${base}/labels`, createLabel),
  route(`GET ${base}/labels/{labelid}`, getLabel),
  route(`DELETE ${base}/labels/{labelid}`, deleteLabel),
  route(`GET ${base}/pull_statistics`, manifestPulls, 'IMAGE_PULL_STATS'),
  route('GET /repository/{repository}/tag/{tag}/pull_statistics', tagPulls, 'IMAGE_PULL_STATS'),
]

export function manifestOf(call: Call): { repository: Repository; manifest: Manifest } {
  const repository = repositoryOf(call)
  const manifest = repository.manifests.find((one) => one.digest === param(call, 'manifestref')) ?? notFound(call)
  return { repository, manifest }
}

function getManifest(call: Call) {
  requireRepository(call, 'read')
  const { manifest } = manifestOf(call)
  const isList = manifest.children.length > 0
  return ok({
    digest: manifest.digest,
    is_manifest_list: isList,
    manifest_data: manifestData(manifest),
    config_media_type: manifest.configMediaType,
    layers_compressed_size: isList ? 0 : manifest.size,
    layers: isList ? null : layersView(manifest),
  })
}

function layersView({ layers }: Manifest) {
  return layers.map(({ digest, size, command, created: at }, index) => ({
    index,
    compressed_size: size,
    is_remote: false,
    urls: null,
    command: command === null ? null : [command],
    comment: null,
    author: null,
    blob_digest: digest,
    created_datetime: rfc2822OrNull(at),
  }))
}

const labelView = ({ id, key, value, source, mediaType }: Label) => ({ id, key, value, source_type: source, media_type: mediaType })

function listLabels(call: Call) {
  requireRepository(call, 'read')
  const prefix = call.query.get('filter') ?? ''
  return ok({
    labels: manifestOf(call)
      .manifest.labels.filter(({ key }) => key.startsWith(prefix))
      .map(labelView),
  })
}

const keyPattern = /^[a-z0-9](([a-z0-9]|[-.](?![.-]))*[a-z0-9])?$/
const reserved = [
  'com.docker.',
  'io.docker.',
  'org.dockerproject.',
  'org.opencontainers.',
  'io.cncf.',
  'io.kubernetes.',
  'io.k8s.',
  'io.quay',
  'com.coreos',
  'com.tectonic',
  'internal',
  'quay',
]

function createLabel(call: Call) {
  requireRepository(call, 'write')
  requireNormal(call)
  const { key, value, media_type } = bodyOf<{ key: string; value: string; media_type: string | null }>(call)
  const { repository, manifest } = manifestOf(call)
  if (!keyPattern.test(key))
    dataModelError('Label is of an invalid format or missing please use ^[a-z0-9](([a-z0-9]|[-.](?![.-]))*[a-z0-9])?$ format for labels')
  if (reserved.some((prefix) => key.startsWith(prefix))) dataModelError('Label has a reserved prefix')
  const label: Label = { id: randomUUID(), key, value, source: 'api', mediaType: media_type ?? 'text/plain' }
  // The same key and value again make a second label (docs/quay.md, Status codes).
  manifest.labels.push(label)
  log(
    call,
    'manifest_label_add',
    repository.namespace,
    metadata(repository, manifest, label, { media_type: label.mediaType }),
    fullName(repository),
  )
  const location = `/api/v1/repository/${fullName(repository)}/manifest/${manifest.digest}/labels/${label.id}`
  return { ...created({ label: labelView(label) }), headers: { location } }
}

function metadata(repository: Repository, manifest: Manifest, { id, key, value }: Label, more: Record<string, unknown> = {}) {
  return { id, key, value, manifest_digest: manifest.digest, ...more, namespace: repository.namespace, repo: repository.name }
}

function labelOf(call: Call) {
  const { repository, manifest } = manifestOf(call)
  return { repository, manifest, label: manifest.labels.find(({ id }) => id === param(call, 'labelid')) ?? notFound(call) }
}

function getLabel(call: Call) {
  requireRepository(call, 'read')
  return ok(labelView(labelOf(call).label))
}

function deleteLabel(call: Call) {
  requireRepository(call, 'write')
  requireNormal(call)
  const { repository, manifest, label } = labelOf(call)
  // What came with the image stays (docs/quay.md, Labels).
  if (label.source === 'manifest') dataModelError('Cannot delete immutable label')
  manifest.labels = manifest.labels.filter((one) => one !== label)
  log(call, 'manifest_label_delete', repository.namespace, metadata(repository, manifest, label), fullName(repository))
  return noContent()
}

function manifestPulls(call: Call) {
  requireRepository(call, 'read')
  const { digest, pulls, lastPull } = manifestOf(call).manifest
  return ok({ manifest_digest: digest, manifest_pull_count: pulls, last_manifest_pull_date: rfc2822OrNull(lastPull) })
}

function tagPulls(call: Call) {
  requireRepository(call, 'read')
  const repository = repositoryOf(call)
  const tag = findTag(repository, param(call, 'tag'), call.world.now()) ?? notFound(call)
  const { pulls, lastPull } = repository.manifests.find((one) => one.digest === tag.digest) ?? notFound(call)
  const last = rfc2822OrNull(lastPull)
  return ok({
    tag_name: tag.name,
    tag_pull_count: pulls,
    last_tag_pull_date: last,
    current_manifest_digest: tag.digest,
    manifest_pull_count: pulls,
    last_manifest_pull_date: last,
  })
}
