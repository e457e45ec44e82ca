import { Failure } from '../core/failure.ts'
import { listAdmins } from './admins.ts'
import { listDefaultPermissions } from './default-permissions.ts'
import { listMembers, removeMember } from './members.ts'
import { namespaceOf } from './names.ts'
import { granteeKinds, listPermissions, removePermission, repositoryRole, setPermission } from './permissions.ts'
import type { Quay } from './registry.ts'
import { isOneOf } from './word.ts'

// Quay takes the bot for the owner of what it creates (docs/SECURITY.md rule 4): these steps make it the person's. All of them are
// harmless to repeat.

/** Gives what Quay gives by itself on the repositories that this account creates: default permissions bound to it. */
export async function giveDefaultPermissions(quay: Quay, repository: string, account: string): Promise<void> {
  for (const { to, role, createdBy } of await defaultsOf(quay, namespaceOf(repository))) {
    // Its creator is admin of it, whatever a default permission says.
    if (createdBy !== account || to.name === account) continue
    // A kind or role of a newer Quay is not given on without knowing what it means.
    if (isOneOf(granteeKinds, to.kind) && isOneOf(repositoryRole.options, role))
      await setPermission(quay, repository, { kind: to.kind, name: to.name, role })
  }
}

/** The namespace of a user has none. */
async function defaultsOf(quay: Quay, namespace: string) {
  try {
    return await listDefaultPermissions(quay, namespace)
  } catch (error) {
    if (error instanceof Failure && error.code === 'not_found') return []
    throw error
  }
}

/**
 * Takes away the admin permission that the bot got as the creator. `others`: accounts that were given admin on purpose. Conflict: the
 * token may not say whose it is, and several accounts could be the bot's.
 */
export async function leaveRepository(quay: Quay, repository: string, others: string[]): Promise<void> {
  const own = quay.capabilities.account ?? (await onlyOther(quay, repository, others))
  if (own === undefined || others.includes(own)) return
  try {
    await removePermission(quay, repository, { kind: 'user', name: own })
  } catch (error) {
    // It has left before.
    if (!(error instanceof Failure) || error.code !== 'not_found') throw error
  }
}

/** Who is admin of a new repository and was made so by nobody: the bot, when its token lacks user:read. */
async function onlyOther(quay: Quay, repository: string, others: string[]) {
  const [permissions, defaults] = await Promise.all([listPermissions(quay, repository), defaultsOf(quay, namespaceOf(repository))])
  const explained = new Set([...others, ...defaults.map(({ to }) => to.name)])
  const left = permissions.filter(({ kind, name, role }) => kind === 'user' && role === 'admin' && !explained.has(name))
  return theOne(left, repository)
}

/**
 * Takes the bot out of an organisation that it has created: the other way, leaving its only admin team, Quay refuses. Conflict: the
 * owner is none yet.
 */
export async function leaveOrganization(quay: Quay, organization: string, owner: string): Promise<void> {
  const members = quay.capabilities.account === undefined ? await listMembers(quay, organization) : []
  const left = members.filter(({ kind, name }) => kind === 'user' && name !== owner)
  const own = quay.capabilities.account ?? theOne(left, organization)
  if (own === undefined || own === owner) return
  // Where Quay invites people to teams instead of putting them in, nobody but the bot administers it yet.
  if (!quay.dryRunCalls && !(await listAdmins(quay, organization)).some(({ account }) => account === owner))
    throw new Failure(
      'conflict',
      '{owner} is not an owner of {organization} yet, so Quaymaster remains one. {owner} must accept the invitation first.',
      {
        ...{ owner, organization },
      },
    )
  await removeMember(quay, organization, own)
}

function theOne(found: { name: string }[], object: string) {
  if (found.length > 1)
    throw new Failure(
      'conflict',
      'QUAY_TOKEN can’t read its own user, so Quaymaster can’t tell which admin of {object} it is. Remove Quaymaster’s user there in Quay, and renew the token with the scope user:read.',
      { object },
    )
  return found[0]?.name
}
