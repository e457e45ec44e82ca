import { Failure } from '../core/failure.ts'
import { findMembership, listCollaborations, type Membership } from '../quay/members.ts'
import { findOrganization } from '../quay/organizations.ts'
import type { Quay } from '../quay/registry.ts'
import { blindSpot, hidden } from '../quay/sight.ts'
import { listTeamPermissions } from '../quay/teams.ts'
import { readsEverything } from '../quay/users.ts'
import type { Person } from './identity.ts'

type Reads = (repository: { name: string; visibility: string }) => boolean

export interface Readable {
  reads: Reads
  /** Why there may be more that the person may read: Quay does not show the bot all of it, or not who may. */
  hidden: Failure | undefined
}

/**
 * Which repositories of a namespace a person may read in Quay: where the bot's own token reads all of them, a list is cut
 * to these. Two requests, and one for each team that the person is in; another for somebody who is in none.
 */
export async function visibleRepositories(quay: Quay, person: Person, namespace: string): Promise<Readable> {
  const { account, user } = person
  if (account === undefined || !user?.enabled) return { reads: isPublic, hidden: undefined }
  if (namespace === account || readsEverything(quay, user)) {
    const isListed = quay.capabilities.superusersFullAccess
    return { reads: () => true, hidden: isListed ? undefined : blindSpot(quay, namespace, await findOrganization(quay, namespace)) }
  }
  try {
    const membership = await findMembership(quay, namespace, account)
    return await readableBy(quay, membership, { account, namespace })
  } catch (error) {
    // What is public Quay shows to everybody.
    if (error instanceof Failure && error.code === 'denied') return { reads: isPublic, hidden: error }
    throw error
  }
}

async function readableBy(
  quay: Quay,
  { organization, member }: Membership,
  { account, namespace }: { account: string; namespace: string },
): Promise<Readable> {
  const memberOf = member?.teams ?? []
  const isAdmin = organization?.teams?.some(({ name, role }) => role === 'admin' && memberOf.includes(name))
  const unseen = blindSpot(quay, namespace, organization)
  if (isAdmin) return { reads: () => true, hidden: unseen }
  const byTeam = await Promise.all(memberOf.map((team) => listTeamPermissions(quay, { organization: namespace, team })))
  const own = member?.repositories ?? (organization ? await listCollaborations(quay, namespace, account) : [])
  const held = new Set(
    [...own, ...byTeam.flat().map(({ repository }) => repository)].map((name) => (name.includes('/') ? name : `${namespace}/${name}`)),
  )
  // One of the teams may be of role admin, whose members read everything.
  const mayBeAdmin = organization && !organization.teams && memberOf.length > 0
  return {
    reads: (repository) => isPublic(repository) || held.has(repository.name),
    hidden: mayBeAdmin ? hidden(quay, namespace, organization) : unseen && memberOf.length > 0 ? unseen : undefined,
  }
}

function isPublic({ visibility }: { visibility: string }) {
  return visibility === 'public'
}
