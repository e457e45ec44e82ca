import { Failure } from '../core/failure.ts'
import { type Build, listBuilds, readBuild } from './builds.ts'
import type { Quay } from './registry.ts'

/** The build of that id, or the newest one. Not found: there is none. */
export async function findBuildOrNewest(quay: Quay, repository: string, id: string | undefined): Promise<Build> {
  if (id !== undefined) return readBuild(quay, repository, id)
  const [newest] = await listBuilds(quay, repository, { limit: 1 })
  if (!newest) throw new Failure('not_found', '{repository} has no builds yet.', { repository })
  return newest
}
