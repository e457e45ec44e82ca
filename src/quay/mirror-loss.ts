import { Failure } from '../core/failure.ts'
import { globMatcher } from './glob.ts'
import { listNewestTags } from './newest-tags.ts'
import type { Quay } from './registry.ts'

/** The tags that a mirror finds in its repository. Its worker deletes all that it does not bring, but for a run that brings nothing. */
export interface MirrorLoss {
  /** How many there are; `more`: beyond those that were looked at. */
  all: number
  more: boolean
  /** Those that fit none of its patterns: they go for certain. The others go unless the other registry has them. */
  gone: string[]
}

/** Undefined for a repository without tags, also for one that is still to be made. */
export async function findMirrorLoss(quay: Quay, repository: string, patterns: string[]): Promise<MirrorLoss | undefined> {
  const { tags, more } = await listNewestTags(quay, repository).catch(none)
  if (tags.length === 0) return undefined
  const isBrought = globMatcher(patterns)
  const gone = tags.map(({ name }) => name).filter((name) => !isBrought(name))
  return { all: tags.length, more, gone: gone.toSorted() }
}

function none(error: unknown): { tags: []; more: false } {
  if (error instanceof Failure && error.code === 'not_found') return { tags: [], more: false }
  throw error
}
