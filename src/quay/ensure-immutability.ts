import { Failure } from '../core/failure.ts'
import { readBack } from './read-back.ts'
import type { Quay } from './registry.ts'
import { readTag, setTagImmutability } from './tags.ts'

/**
 * Makes the tag immutable or mutable unless it is so already, and gives back whether anything had to be changed. Not found: no such
 * tag. Conflict: Quay reported success, and the tag is as it was.
 */
export async function ensureImmutability(quay: Quay, repository: string, tag: string, state: 'immutable' | 'mutable'): Promise<boolean> {
  const wanted = state === 'immutable'
  const { immutable } = await readTag(quay, repository, tag)
  if (immutable !== wanted) await setTagImmutability(quay, repository, tag, state)
  const stored = await readBack(quay, wanted, async () => (await readTag(quay, repository, tag)).immutable)
  if (wanted && !stored)
    throw new Failure('conflict', 'Quay reported success, but {repository}:{tag} is not immutable.', { tag, repository })
  if (stored && !wanted)
    throw new Failure('conflict', 'Quay reported success, but {repository}:{tag} is still immutable.', { tag, repository })
  return immutable !== wanted
}
