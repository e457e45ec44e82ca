import { z } from 'zod'
import { Failure } from '../core/failure.ts'
import { type Build, buildAnswer, buildOf } from './build.ts'
import { call, done, find } from './http.ts'
import { namespaceOf, withoutNamespace } from './names.ts'
import type { Quay } from './registry.ts'

export type { Build } from './build.ts'

const one = '/repository/{repository}/build/{build_uuid}'
const all = '/repository/{repository}/build/'

export interface NewBuild {
  /** A tar or zip with the Dockerfile: http or https, for Quay to fetch. */
  archiveUrl: string
  /** `latest` when left out. */
  tags?: string[] | undefined
  /** Either the folder of the Dockerfile, or its path with the context. */
  subdirectory?: string | undefined
  dockerfile?: string | undefined
  context?: string | undefined
  /** `acme+puller`: whose images the build may pull. Quay lends the bot any robot there is: check admin on its namespace. */
  pullRobot?: string | undefined
}

/**
 * Starts a build. Invalid: the archive's address. Not found: no such repository, or no such robot. Denied: the robot is none.
 * Conflict: too many builds wait, or the repository is read-only or a mirror. Whose fault it is: `quayAnswer`.
 */
export async function startBuild(quay: Quay, repository: string, wanted: NewBuild): Promise<Build> {
  const body = {
    archive_url: wanted.archiveUrl,
    docker_tags: wanted.tags,
    subdirectory: wanted.subdirectory,
    dockerfile_path: wanted.dockerfile,
    context: wanted.context,
    pull_robot: wanted.pullRobot,
  }
  const name = { namespace: namespaceOf(repository), name: withoutNamespace(repository) }
  const assume = { id: 'dry-run', phase: 'waiting', tags: wanted.tags ?? ['latest'], repository: name }
  return buildOf(quay, await call(quay, { method: 'POST', path: all, params: { repository }, body, assume, response: buildAnswer }))
}

/** The latest builds, newest first. `since`: ISO. There are no pages. A repository that does not exist has none. */
export async function listBuilds(
  quay: Quay,
  repository: string,
  { limit = 20, since }: { limit?: number; since?: string } = {},
): Promise<Build[]> {
  const query = { limit, since: since === undefined ? undefined : Math.floor(Date.parse(since) / 1000) }
  const { builds } = await call(quay, {
    method: 'GET',
    path: all,
    params: { repository },
    query,
    response: z.object({ builds: z.array(buildAnswer) }),
  })
  return builds.map((read) => buildOf(quay, read))
}

/** The build as it is now; undefined when the repository has none of that id. */
export async function findBuild(quay: Quay, repository: string, id: string): Promise<Build | undefined> {
  const found = await find(quay, { path: one, params: { repository, build_uuid: id }, response: buildAnswer })
  return found && buildOf(quay, found)
}

/** The build, which has to be there. Not found: it is not. */
export async function readBuild(quay: Quay, repository: string, id: string): Promise<Build> {
  const found = await findBuild(quay, repository, id)
  if (!found) throw new Failure('not_found', '{repository} has no build {id}.', { repository, id })
  return found
}

/** Cancels a build that waits. Conflict: it runs or has ended. */
export async function cancelBuild(quay: Quay, repository: string, id: string): Promise<void> {
  await call(quay, { method: 'DELETE', path: one, params: { repository, build_uuid: id }, assume: undefined, response: done })
}
