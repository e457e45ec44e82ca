import { z } from 'zod'
import { fieldProblem } from '../core/field-problem.ts'
import { call, done, find } from './http.ts'
import { namespaceOf } from './names.ts'
import type { Quay } from './registry.ts'
import { type Word, word } from './word.ts'

export const repositoryRole = z.enum(['read', 'write', 'admin'])

export type RepositoryRole = z.output<typeof repositoryRole>

/** Who may have a permission. A robot is `acme+ci`; a team is one of the repository's own organisation. */
export type Grantee = { kind: (typeof granteeKinds)[number]; name: string }

export const granteeKinds = ['user', 'robot', 'team'] as const

export type RepositoryPermission = Grantee & { role: Word<RepositoryRole> }

const short = '[a-z0-9]+(?:[._-][a-z0-9]+)*'

/** Who may have a permission, as people write it: `bea`, `team:developers`, `acme+ci`. */
export const granteeName = z
  .string()
  .max(500)
  .regex(
    new RegExp(`^(?:(?:team:)?${short}|${short}\\+${short})$`),
    'Enter a user (bea), a team (team:developers) or a robot account (acme+ci)',
  )

/** `team:developers` as what it names. */
export function granteeOf(name: string): Grantee {
  if (name.startsWith('team:')) return { kind: 'team', name: name.slice('team:'.length) }
  return { kind: name.includes('+') ? 'robot' : 'user', name }
}

/** Throws `invalid` for a robot of another namespace, which Quay would refuse (recorded: repo-perm-user-put-foreign-robot). */
export function assertNoForeignRobot(object: string, names: string[], field: string) {
  const robot = names.find((name) => granteeOf(name).kind === 'robot' && namespaceOf(name) !== namespaceOf(object))
  if (robot !== undefined)
    throw fieldProblem(
      field,
      'Robot account {robot} belongs to another namespace. Quay accepts only robot accounts of the same namespace.',
      { robot },
    )
}

const users = '/repository/{repository}/permissions/user/{username}'
const teams = '/repository/{repository}/permissions/team/{teamname}'

/** Everybody with a permission of their own on the repository: two calls. A repository that does not exist has none. */
export async function listPermissions(quay: Quay, repository: string): Promise<RepositoryPermission[]> {
  // Quay's lists are objects keyed by name.
  const user = z.record(z.string(), z.object({ name: z.string(), role: word<RepositoryRole>(), is_robot: z.boolean().default(false) }))
  const team = z.record(z.string(), z.object({ name: z.string(), role: word<RepositoryRole>() }))
  const params = { repository }
  const [byUser, byTeam] = await Promise.all([
    call(quay, { method: 'GET', path: '/repository/{repository}/permissions/user/', params, response: z.object({ permissions: user }) }),
    call(quay, { method: 'GET', path: '/repository/{repository}/permissions/team/', params, response: z.object({ permissions: team }) }),
  ])
  return [
    ...Object.values(byTeam.permissions).map((one) => ({ kind: 'team' as const, name: one.name, role: one.role })),
    ...Object.values(byUser.permissions).map((one) => ({
      kind: one.is_robot ? ('robot' as const) : ('user' as const),
      name: one.name,
      role: one.role,
    })),
  ]
}

/** What the account was given on the repository, directly or through a team, and nothing else: see rights.ts. */
export async function findPermissions(quay: Quay, repository: string, account: string): Promise<RepositoryRole[]> {
  const found = await find(quay, {
    path: '/repository/{repository}/permissions/user/{username}/transitive',
    params: { repository, username: account },
    // A role that is not known gives nothing.
    response: z.object({ permissions: z.array(z.object({ role: repositoryRole.optional().catch(undefined) })) }),
  })
  return found?.permissions.flatMap((one) => one.role ?? []) ?? []
}

/** The grantee's own permission; undefined for none. */
export async function findPermission(quay: Quay, repository: string, { kind, name }: Grantee): Promise<Word<RepositoryRole> | undefined> {
  const response = z.object({ role: word<RepositoryRole>() })
  const found =
    kind === 'team'
      ? await find(quay, { path: teams, params: { repository, teamname: name }, response })
      : await find(quay, { path: users, params: { repository, username: name }, response })
  return found?.role
}

/**
 * Gives or changes a permission. Not found: no such user, robot or team. Invalid: a robot of another organisation. Conflict: the
 * owner of a user namespace, who is always admin.
 */
export async function setPermission(quay: Quay, repository: string, { kind, name, role }: RepositoryPermission): Promise<void> {
  const rest = { method: 'PUT', body: { role }, assume: undefined, response: done } as const
  if (kind === 'team') await call(quay, { path: teams, params: { repository, teamname: name }, ...rest })
  else await call(quay, { path: users, params: { repository, username: name }, ...rest })
}

/** Takes a permission away. Not found: there is none. */
export async function removePermission(quay: Quay, repository: string, { kind, name }: Grantee): Promise<void> {
  const rest = { method: 'DELETE', assume: undefined, response: done } as const
  if (kind === 'team') await call(quay, { path: teams, params: { repository, teamname: name }, ...rest })
  else await call(quay, { path: users, params: { repository, username: name }, ...rest })
}
