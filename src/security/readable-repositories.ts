import type { Bot } from '../context.ts'
import { Failure } from '../core/failure.ts'
import { cached } from '../core/ttl-cache.ts'
import { findMember, findMembership, listCollaborations, type Member } from '../quay/members.ts'
import { findOrganization } from '../quay/organizations.ts'
import { blindSpot, hidden } from '../quay/sight.ts'
import { listTeamPermissions } from '../quay/teams.ts'
import { readsEverything } from '../quay/users.ts'
import type { Person } from './identity.ts'

interface Listed {
  name: string
  visibility: string
}

export interface Readable<Repository> {
  readable: Repository[]
  /** Why there may be more that the person may read: Quay does not show the bot all of it, or not who may. */
  hidden: Failure | undefined
}

type Reading = Pick<Bot, 'cache' | 'quay'>

/** Whose permissions decide, and about what. */
interface Asked {
  account: string
  namespace: string
  /** Of those that are not public. */
  names: string[]
}

/**
 * Which of the repositories of a namespace a person may read in Quay: where the bot's own token reads all of them, a list is cut to
 * these. No more is asked than they need: nothing for public ones, then what the person has been given on repositories, the roles of
 * their teams, and team by team what these hold. Remembered for half a minute, as it serves reading alone.
 */
export async function readableAmong<Repository extends Listed>(
  { cache, quay }: Reading,
  person: Person,
  namespace: string,
  repositories: Repository[],
): Promise<Readable<Repository>> {
  const { account, user } = person
  const open = repositories.filter(isPublic)
  if (account === undefined || !user?.enabled) return { readable: open, hidden: undefined }
  const seesAll = quay.capabilities.superusersFullAccess
  if (namespace === account || readsEverything(quay, user)) {
    const unseen = seesAll ? undefined : blindSpot(quay, namespace, await findOrganization(quay, namespace))
    return { readable: repositories, hidden: unseen }
  }
  // Quay has listed all there is, and everybody may read it.
  if (seesAll && open.length === repositories.length) return { readable: repositories, hidden: undefined }
  const names = repositories.filter((one) => !isPublic(one)).map(({ name }) => name)
  try {
    const held = await heldAmong({ cache, quay }, { account, namespace, names })
    return { readable: repositories.filter((one) => isPublic(one) || held.names.has(one.name)), hidden: held.hidden }
  } catch (error) {
    // What is public Quay shows to everybody.
    if (error instanceof Failure && error.code === 'denied') return { readable: open, hidden: error }
    throw error
  }
}

interface Held {
  names: Set<string>
  hidden: Failure | undefined
}

async function heldAmong({ cache, quay }: Reading, asked: Asked): Promise<Held> {
  const { account, namespace, names } = asked
  const wholeOf = (name: string) => (name.includes('/') ? name : `${namespace}/${name}`)
  const member = await memberOf({ cache, quay }, asked)
  const held = new Set((member?.repositories ?? []).map(wholeOf))
  // With all of them in hand it does not matter whether a team has them, too. Without full access Quay may list less than there is.
  const isCovered = () => quay.capabilities.superusersFullAccess && names.every((name) => held.has(name))
  if (isCovered()) return { names: held, hidden: undefined }
  if (!member) {
    const own = await cached(cache, `collaborations ${account} ${namespace}`, () => listCollaborations(quay, namespace, account))
    // Who is in no team is in none of role admin.
    return { names: new Set(own.map(wholeOf)), hidden: undefined }
  }
  const organization = await cached(cache, `organization ${namespace}`, () => findOrganization(quay, namespace))
  const unseen = blindSpot(quay, namespace, organization)
  if (organization?.teams?.some(({ name, role }) => role === 'admin' && member.teams.includes(name)))
    return { names: new Set(names), hidden: unseen }
  const without = organization?.teams?.filter(({ repositories }) => repositories === 0).map(({ name }) => name) ?? []
  for (const team of member.teams.filter((one) => !without.includes(one))) {
    if (isCovered()) return { names: held, hidden: undefined }
    const permissions = await cached(cache, `team ${namespace} ${team}`, () => listTeamPermissions(quay, { organization: namespace, team }))
    for (const { repository } of permissions) held.add(wholeOf(repository))
  }
  // One of the teams may be of role admin, whose members read everything.
  const mayBeAdmin = organization && !organization.teams && member.teams.length > 0
  return {
    names: held,
    hidden: mayBeAdmin ? hidden(quay, namespace, organization) : unseen && member.teams.length > 0 ? unseen : undefined,
  }
}

/** Denied: Quay does not show the bot who is in the organization, with the cause. */
function memberOf({ cache, quay }: Reading, { account, namespace }: Asked): Promise<Member | undefined> {
  return cached(cache, `member ${account} ${namespace}`, () =>
    findMember(quay, namespace, account).catch(async (error: unknown) => {
      if (!(error instanceof Failure) || error.code !== 'denied') throw error
      // The organization says why.
      return (await findMembership(quay, namespace, account)).member
    }),
  )
}

function isPublic({ visibility }: Listed) {
  return visibility === 'public'
}
