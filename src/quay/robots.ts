import { z } from 'zod'
import { type Credential, credential } from '../core/credential.ts'
import { Failure } from '../core/failure.ts'
import { isoOf } from './dates.ts'
import { call, done, find } from './http.ts'
import { namespaceOf, withoutNamespace } from './names.ts'
import { findPermission, type RepositoryRole } from './permissions.ts'
import type { Quay } from './registry.ts'
import type { Word } from './word.ts'

export interface Robot {
  /** `acme+ci` */
  name: string
  description: string
  /** ISO. */
  created: string | undefined
  lastAccessed: string | undefined
}

const short = '[a-z0-9]+(?:[._-][a-z0-9]+)*'

/** `acme+ci`: a robot of an organisation. */
export const robotName = z
  .string()
  .max(500)
  .regex(
    new RegExp(`^(?=[^+]{2,255}\\+[^+]{2,255}$)${short}\\+${short}$`),
    'Use a name like acme+ci: the organization, a plus sign, and a name of at least 2 characters',
  )

const path = '/organization/{orgname}/robots/{robot_shortname}'

const read = z.object({
  name: z.string(),
  description: z.string().nullish(),
  created: z.string().nullish(),
  last_accessed: z.string().nullish(),
})

function robotOf({ name, description, created, last_accessed }: z.output<typeof read>): Robot {
  return { name, description: description ?? '', created: isoOf(created), lastAccessed: isoOf(last_accessed) }
}

/** Conflict: a robot of the person's own account, which Quay shows to nobody else, superusers included. */
export function refuseOwnRobot({ url: origin }: Quay, robot: string, account: string | undefined) {
  if (namespaceOf(robot) !== account) return
  const url = new URL(`/user/${account}?tab=robots`, origin).href
  throw new Failure('conflict', 'For robot accounts of your own namespace Quay allows this only to you: {url}', { url })
}

/** `acme+ci` as the two parameters of an address. */
function paramsOf(robot: string) {
  return { orgname: namespaceOf(robot), robot_shortname: withoutNamespace(robot) }
}

/** Where a robot account is a member. Undefined: Quay does not show it to the bot, which is not the same as none. */
export interface Reach {
  teams: string[] | undefined
  /** Repositories of the organization, without its name, on which it has a permission of its own. */
  repositories: string[] | undefined
}

/** The robot accounts of an organization with their reach, without their tokens. Not found: no such organization. */
export async function listRobots(quay: Quay, organization: string): Promise<(Robot & Reach)[]> {
  const listed = read.extend({ teams: z.array(z.object({ name: z.string() })).nullish(), repositories: z.array(z.string()).nullish() })
  const { robots } = await call(quay, {
    method: 'GET',
    path: '/organization/{orgname}/robots',
    params: { orgname: organization },
    // Without this Quay gives a superuser every token (docs/SECURITY.md rule 3).
    query: { token: false, permissions: true },
    response: z.object({ robots: z.array(listed) }),
    whole: true,
  })
  return robots.map(({ teams, repositories, ...robot }) => ({
    ...robotOf(robot),
    teams: teams?.map(({ name }) => name),
    repositories: repositories ?? undefined,
  }))
}

/** The robot, without its token; undefined when there is none. One call for all robots, as Quay shows a single one with its token. */
export async function findRobot(quay: Quay, robot: string) {
  const robots = await listRobots(quay, namespaceOf(robot))
  return robots.find(({ name }) => name === robot)
}

/** The robot, which has to be there. Not found: it is not. */
export async function readRobot(quay: Quay, robot: string) {
  const found = await findRobot(quay, robot)
  if (!found) throw new Failure('not_found', 'Robot account {robot} not found.', { robot })
  return found
}

const withToken = read.extend({ token: credential() }).transform((found) => ({ ...robotOf(found), token: found.token }))

export type RobotWithToken = Robot & { token: Credential }

/** The robot with its token: only for showing it to who may have it. Undefined when there is none. */
export function findRobotToken(quay: Quay, robot: string): Promise<RobotWithToken | undefined> {
  return find(quay, { path, params: paramsOf(robot), response: withToken })
}

/** Creates `organization+robot`. Conflict: there is one of that name. Not found: no such organisation. */
export function createRobot(
  quay: Quay,
  robot: string,
  { description = '' }: { description?: string | undefined } = {},
): Promise<RobotWithToken> {
  return call(quay, {
    method: 'PUT',
    path,
    params: paramsOf(robot),
    body: { description },
    assume: { name: robot, token: '' },
    response: withToken,
  })
}

/** Gives the robot a new token: whoever uses the old one is shut out at once. Not found: there is none. */
export function rotateRobot(quay: Quay, robot: string): Promise<RobotWithToken> {
  const template = '/organization/{orgname}/robots/{robot_shortname}/regenerate'
  return call(quay, { method: 'POST', path: template, params: paramsOf(robot), assume: { name: robot, token: '' }, response: withToken })
}

/** Not found: there is none. */
export async function deleteRobot(quay: Quay, robot: string): Promise<void> {
  await call(quay, { method: 'DELETE', path, params: paramsOf(robot), assume: undefined, response: done })
}

// Each role is a call.
const rolesAtMost = 10

/**
 * The robot account's own permissions: all of its repositories, and the roles on the first ten. Those of deleted repositories, which
 * Quay lists under a uuid until its clean-up, are left out. `…/robots/R/permissions` would take the scope user:admin, beside.
 */
export async function readRobotPermissions(
  quay: Quay,
  robot: string,
  repositories: string[],
): Promise<{ repository: string; role: Word<RepositoryRole> | undefined }[]> {
  const names = repositories.map((name) => `${namespaceOf(robot)}/${name}`)
  const read = await Promise.all(
    names.slice(0, rolesAtMost).map(async (repository) => {
      const role = await findPermission(quay, repository, { kind: 'robot', name: robot })
      return role ? [{ repository, role }] : []
    }),
  )
  return [...read.flat(), ...names.slice(rolesAtMost).map((repository) => ({ repository, role: undefined }))]
}
