import { Failure } from '../../core/failure.ts'
import { namespaceOf } from '../../quay/names.ts'
import { findPermission, granteeOf, removePermission, repositoryRole, setPermission } from '../../quay/permissions.ts'
import type { Quay } from '../../quay/registry.ts'
import { findRepository } from '../../quay/repositories.ts'
import { addTeamMember, findTeamMembers, removeTeamMember } from '../../quay/teams.ts'
import { isOneOf } from '../../quay/word.ts'
import type { Kind, Role } from './in-force.ts'

/** Who has something where: `carl` on the repository `acme/web`, or in the team `acme/developers`. */
export interface Target {
  kind: Kind
  object: string
  grantee: string
}

/** `mark` tells the object from a later one of the same name; null: it is gone. */
export interface Held {
  mark: string | null
  role: Role | null
}

/** `acme/web-team` in its two parts. */
export function teamOfTarget({ object }: Pick<Target, 'object'>) {
  return { organization: namespaceOf(object), team: object.slice(namespaceOf(object).length + 1) }
}

/** What Quay has now: two calls for a repository, one for a team. Somebody who is invited to a team counts as in it. Conflict: a permission that is not known here. */
export async function readHeld(quay: Quay, target: Target): Promise<Held> {
  if (target.kind === 'team') {
    const found = await findTeamMembers(quay, teamOfTarget(target))
    const isIn = found?.members.some(({ name }) => name === target.grantee) ?? false
    return { mark: found ? 'team' : null, role: isIn ? 'member' : null }
  }
  const [found, role] = await Promise.all([
    findRepository(quay, target.object),
    findPermission(quay, target.object, granteeOf(target.grantee)),
  ])
  // What could not be given back must not be taken.
  if (role !== undefined && !isOneOf(repositoryRole.options, role))
    throw new Failure(
      'conflict',
      '{grantee} has the permission {role} on {object}, which this release of Quaymaster does not know. Change it in Quay.',
      {
        grantee: target.grantee,
        role,
        object: target.object,
      },
    )
  return { mark: found ? (found.mark ?? 'public') : null, role: role ?? null }
}

/** Makes Quay have this role; null takes it away. One call. */
export async function setHeld(quay: Quay, target: Target, role: Role | null): Promise<void> {
  if (target.kind === 'team') {
    if (role === null) await removeTeamMember(quay, teamOfTarget(target), target.grantee)
    else await addTeamMember(quay, teamOfTarget(target), target.grantee)
    return
  }
  const grantee = granteeOf(target.grantee)
  if (role === null) await removePermission(quay, target.object, grantee)
  else await setPermission(quay, target.object, { ...grantee, role: repositoryRole.parse(role) })
}

/** Makes Quay have this role unless it does, and returns what it has then. */
export async function applyHeld(quay: Quay, target: Target, wanted: Role | null): Promise<Role | null> {
  if ((await readHeld(quay, target)).role === wanted) return wanted
  await setHeld(quay, target, wanted)
  return (await readHeld(quay, target)).role
}

/** Whether another object has the name now. A mark of `public` says only that there is one. */
export function isReplaced(before: string | null, { mark }: Pick<Held, 'mark'>) {
  return before !== null && ![before, mark].includes('public') && mark !== before
}
