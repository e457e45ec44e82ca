import { Failure } from '../core/failure.ts'
import { findManifest } from './manifests.ts'
import type { Quay } from './registry.ts'
import { findScan, type Scan } from './security.ts'
import { findTag, type Tag } from './tags.ts'

export interface TagScan extends Scan {
  digest: string
  /** Of an image of several platforms, the one that was looked at: Quay scans each by itself. */
  platform: string | undefined
}

/** The scan of what a tag stands for: of linux/amd64, where there are several platforms. Not found: no such tag, or no scan. */
export async function scanTag(quay: Quay, repository: string, name: string): Promise<TagScan> {
  const tag = await findTag(quay, repository, name)
  if (!tag) throw new Failure('not_found', '{repository} has no tag {tag}.', { repository, tag: name })
  const found = await findImageScan(quay, repository, tag)
  if (!found) throw new Failure('not_found', 'Quay has no security scan of {repository}:{tag}.', { repository, tag: name })
  return found
}

/** The scan of an image; undefined where Quay has none. */
export async function findImageScan(
  quay: Quay,
  repository: string,
  image: Pick<Tag, 'digest' | 'platforms'>,
): Promise<TagScan | undefined> {
  const platforms = image.platforms === 'several' ? ((await findManifest(quay, repository, image.digest))?.platforms ?? []) : []
  const one = platforms.find(({ os, architecture }) => os === 'linux' && architecture === 'amd64') ?? platforms[0]
  const digest = one?.digest ?? image.digest
  const found = await findScan(quay, repository, digest)
  return found && { ...found, digest, platform: one && `${one.os}/${one.architecture}` }
}
