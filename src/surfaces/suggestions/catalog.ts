import type { Bot } from '../../context.ts'
import { track } from '../../core/drain.ts'
import { aMinute } from '../../core/durations.ts'
import { Failure } from '../../core/failure.ts'
import { keeps } from '../../core/kept.ts'
import { withPriority } from '../../quay/http.ts'
import { listMembers } from '../../quay/members.ts'
import { findOrganization, listOrganizations, type TeamRole } from '../../quay/organizations.ts'
import { listAll } from '../../quay/pages.ts'
import type { Quay } from '../../quay/registry.ts'
import { listAllRepositories } from '../../quay/repositories.ts'
import { listAllUsers } from '../../quay/users.ts'

/** The parts of an organization that suggestions need. */
export interface CatalogedNamespace {
  name: string
  teams: string[]
  /** The highest role of each account in any team, and the repositories that it has a direct permission on. */
  members: Map<string, { role: TeamRole; repositories: string[] }>
  repositories: { name: string; visibility: string }[]
}

/** A copy of the registry that is minutes old. It is used for suggestions only, never for a permission. */
export interface Catalog {
  namespaces: CatalogedNamespace[]
  accounts: string[]
}

interface Kept {
  catalog: Catalog
  at: number
  /** The refresh in flight. */
  refreshing: Promise<void> | undefined
}

const nothing: Catalog = { namespaces: [], accounts: [] }
const keptOf = keeps((): Kept => ({ catalog: nothing, at: Number.NEGATIVE_INFINITY, refreshing: undefined }))
const freshFor = 10 * aMinute

type Keeper = Pick<Bot, 'db' | 'quay' | 'log' | 'clock' | 'runtime'>

/** The last copy; empty before the first refresh. A copy older than ten minutes is refreshed in the background. */
export function catalogOf(bot: Keeper): Catalog {
  void refreshed(bot)
  return keptOf(bot).catalog
}

/** Resolves when the catalog is at most ten minutes old. Opening a modal calls it, before anybody types. */
export async function refreshed(bot: Keeper) {
  const now = keptOf(bot)
  if (now.refreshing) return now.refreshing
  if (bot.clock() - now.at < freshFor) return
  const refreshing = track(bot, refresh(bot)).then(
    (catalog) => void Object.assign(now, { catalog, at: bot.clock(), refreshing: undefined }),
    (error: unknown) => {
      bot.log.warn({ err: error }, 'could not refresh the suggestions catalog')
      Object.assign(now, { at: bot.clock() - freshFor + aMinute, refreshing: undefined })
    },
  )
  now.refreshing = refreshing
  return refreshing
}

/** Reads the registry again, at the lowest priority of the rate limiter. Three calls per organization. */
async function refresh({ quay, log }: Keeper): Promise<Catalog> {
  const background = withPriority(quay, { class: 'background' })
  const [organizations, users] = await Promise.all([
    listAll(async (next) => {
      const { organizations, next: after } = await listOrganizations(background, { limit: 100, next })
      return { entries: organizations, next: after }
    }),
    listAllUsers(background),
  ])
  const namespaces: CatalogedNamespace[] = []
  // One organization after the other: a thousand calls at once would stay queued for minutes.
  for (const { name } of organizations) namespaces.push(await catalogued(background, name, log))
  return { namespaces, accounts: users.filter(({ enabled }) => enabled).map(({ username }) => username) }
}

const ranks: TeamRole[] = ['member', 'creator', 'admin']

async function catalogued(quay: Quay, name: string, log: Bot['log']): Promise<CatalogedNamespace> {
  const [organization, members, repositories] = await Promise.all([
    orNothing(findOrganization(quay, name), undefined, log),
    orNothing(listMembers(quay, name), [], log),
    orNothing(listAllRepositories(quay, name), [], log),
  ])
  const roleOf = (teams: string[]) => organization?.teams.filter((team) => teams.includes(team.name)).map(({ role }) => role) ?? []
  const highest = (roles: TeamRole[]) => ranks.findLast((rank) => roles.includes(rank)) ?? 'member'
  return {
    name,
    teams: organization?.teams.map((team) => team.name) ?? [],
    members: new Map(
      members.map((one) => [
        one.name,
        { role: highest(roleOf(one.teams)), repositories: one.repositories.map((repository) => `${name}/${repository}`) },
      ]),
    ),
    repositories: repositories.map((repository) => ({ name: repository.name, visibility: repository.visibility })),
  }
}

/** A superuser without full access is refused in some places; then there are fewer suggestions. */
async function orNothing<Found>(asked: Promise<Found>, nothing: Found, log: Bot['log']): Promise<Found> {
  try {
    return await asked
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    log.debug({ sentence: error.sentence }, 'omitted from the suggestions')
    return nothing
  }
}
