import type { Quay } from './registry.ts'
import { listTags, type Tag } from './tags.ts'

/** The newest tags, as many as a preview may ask for; `more`: there are others. */
export async function listNewestTags(quay: Quay, repository: string): Promise<{ tags: Tag[]; more: boolean }> {
  const found: Tag[] = []
  let next: string | undefined
  for (let page = 0; page < 5; page += 1) {
    const answer = await listTags(quay, repository, { limit: 100, next })
    found.push(...answer.tags)
    next = answer.next
    if (next === undefined) break
  }
  return { tags: found, more: next !== undefined }
}
