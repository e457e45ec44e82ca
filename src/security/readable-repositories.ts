import type { Bot } from '../context.ts'
import { Failure } from '../core/failure.ts'
import { cached } from '../core/ttl-cache.ts'
import { findMembership, listCollaborations, type Membership } from '../quay/members.ts'
import { findOrganization } from '../quay/organizations.ts'
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

type Reading = Pick<Bot, 'cache' | 'quay'>

/**
 * Which repositories of a namespace a person may read in Quay: where the bot's own token reads all of them, a list is cut
 * to these. Two requests, and one for each team of the person's that has repositories; another for somebody who is in none.
 * Remembered for half a minute, as it serves reading alone.
 */
export async function visibleRepositories({ cache, quay }: Reading, person: Person, namespace: string): Promise<Readable> {
  const { account, user } = person
  if (account === undefined || !user?.enabled) return { reads: isPublic, hidden: undefined }
  if (namespace === account || readsEverything(quay, user)) {
    const isListed = quay.capabilities.superusersFullAccess
    return { reads: () => true, hidden: isListed ? undefined : blindSpot(quay, namespace, await findOrganization(quay, namespace)) }
  }
  try {
    const membership = await cached(cache, `membership ${account} ${namespace}`, () => findMembership(quay, namespace, account))
    return await readableBy({ cache, quay }, membership, { account, namespace })
  } catch (error) {
    // What is public Quay shows to everybody.
    if (error instanceof Failure && error.code === 'denied') return { reads: isPublic, hidden: error }
    throw error
  }
}

async function readableBy(
  { cache, quay }: Reading,
  { organization, member }: Membership,
  { account, namespace }: { account: string; namespace: string },
): Promise<Readable> {
  const memberOf = member?.teams ?? []
  const isAdmin = organization?.teams?.some(({ name, role }) => role === 'admin' && memberOf.includes(name))
  const unseen = blindSpot(quay, namespace, organization)
  if (isAdmin) return { reads: () => true, hidden: unseen }
  const without = organization?.teams?.filter(({ repositories }) => repositories === 0).map(({ name }) => name) ?? []
  const byTeam = await Promise.all(
    memberOf
      .filter((team) => !without.includes(team))
      .map((team) => cached(cache, `team ${namespace} ${team}`, () => listTeamPermissions(quay, { organization: namespace, team }))),
  )
  const collaborations = () => cached(cache, `collaborations ${account} ${namespace}`, () => listCollaborations(quay, namespace, account))
  const own = member?.repositories ?? (organization ? await collaborations() : [])
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
