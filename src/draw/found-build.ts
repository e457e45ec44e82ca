import { Failure } from '../failure.ts'
import { type Build, findBuild, listBuilds } from '../quay/builds.ts'
import type { Quay } from '../quay/http.ts'

/** The build of that id, or the newest one. Not found: there is none. */
export async function findBuildOrNewest(quay: Quay, repository: string, id: string | undefined): Promise<Build> {
  const found = id === undefined ? (await listBuilds(quay, repository, { limit: 1 }))[0] : await findBuild(quay, repository, id)
  if (found) return found
  if (id === undefined) throw new Failure('not_found', '{repository} has no builds yet.', { repository })
  throw new Failure('not_found', '{repository} has no build {id}.', { repository, id })
}
