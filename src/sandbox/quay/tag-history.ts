import type { Repository, Tag } from './repository-state.ts'

export const isAlive = (tag: Tag, now: number) => tag.end === null || tag.end > now

/** Newest first, as Quay lists them. */
export const aliveTags = (repository: Repository, now: number) => history(repository).filter((tag) => isAlive(tag, now))
export const history = (repository: Repository) => [...repository.tags].reverse().sort((a, b) => b.start - a.start)
export const findTag = (repository: Repository, name: string, now: number) =>
  repository.tags.findLast((tag) => tag.name === name && isAlive(tag, now))

/** Points a tag at a manifest; the old line of its history ends now. */
export function moveTag(repository: Repository, name: string, digest: string, now: number, reversion = false): Tag {
  const before = findTag(repository, name, now)
  if (before) before.end = now
  const tag: Tag = { name, digest, start: now, end: null, reversion, immutable: false }
  repository.tags.push(tag)
  return tag
}
