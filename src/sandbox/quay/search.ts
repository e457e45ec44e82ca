import { type Call, ok, type Route, route } from './call.ts'
import { findOrganization, findTeam, fullName, teamsOf } from './lookup.ts'
import type { Repository } from './repository-state.ts'
import { avatar, seconds, truthy } from './views.ts'
import { holdsRole } from './visibility.ts'

export const searchRoutes: Route[] = [route('GET /find/all', findAll), route('GET /find/repositories', findRepositories)]

const pageSize = 10

function namespaceView(call: Call, name: string) {
  const isOrganization = Boolean(findOrganization(call.world.registry, name))
  const [title, kind, picture] = isOrganization ? (['org', 'organization', 'org'] as const) : (['user', 'user', 'user'] as const)
  return { title, kind, avatar: avatar(name, picture), name, score: 1, href: `/${kind}/${name}` }
}

function repositoryView(call: Call, repository: Repository) {
  const { namespace, name, description, visibility } = repository
  return {
    kind: 'repository',
    title: 'repo',
    namespace: namespaceView(call, namespace),
    name,
    description,
    is_public: visibility === 'public',
    score: 4,
    href: `/repository/${fullName(repository)}`,
    ...(truthy(call.query.get('includeUsage')) && usageOf(call, repository)),
  }
}

function usageOf(call: Call, repository: Repository) {
  const lastTag = repository.tags.at(-1)
  const stars = call.world.registry.users.filter(({ starred }) => starred.includes(fullName(repository))).length
  return { last_modified: lastTag ? seconds(lastTag.start) : null, stars, popularity: repository.pulls }
}

/** Search knows held rights and public ones only: neither superusers nor global readers find more (docs/quay.md, rights matrix 15). */
const isFound = (call: Call, query: string) => (repository: Repository) =>
  repository.name.includes(query) &&
  (repository.visibility === 'public' || (call.account && holdsRole(call, call.account.name, repository)))

function findRepositories(call: Call) {
  const number = Math.max(1, Number(call.query.get('page') ?? 1))
  const found = call.world.registry.repositories.filter(isFound(call, call.query.get('query') ?? ''))
  const start = (number - 1) * pageSize
  const results = found.slice(start, start + pageSize).map((repository) => repositoryView(call, repository))
  return ok({ results, has_additional: found.length > start + pageSize, page: number, page_size: pageSize, start_index: start })
}

function findAll(call: Call) {
  const query = call.query.get('query') ?? ''
  if (query === '') return ok({ results: [] })
  const { repositories, organizations } = call.world.registry
  const found = [
    ...repositories.filter(isFound(call, query)).map((repository) => repositoryView(call, repository)),
    ...organizations.filter(({ name }) => name.startsWith(query)).map(({ name }) => namespaceView(call, name)),
    ...ownTeamsAndRobots(call, query),
  ]
  return ok({ results: found.slice(0, 10) })
}

/** Teams and robots of the organisations that the caller administers, and his own robots. */
function ownTeamsAndRobots(call: Call, query: string) {
  const { account, world } = call
  if (!account) return []
  const administered = world.registry.organizations.filter((one) => teamsOf(one, account.name).some((team) => team.role === 'admin'))
  const teams = administered.flatMap((organization) => {
    const team = findTeam(organization, query)
    return team
      ? [
          {
            kind: 'team',
            name: team.name,
            avatar: avatar(team.name, 'team'),
            organization: namespaceView(call, organization.name),
            score: 2,
          },
        ]
      : []
  })
  const names = [account.name, ...administered.map((one) => one.name)]
  const robots = world.registry.robots.filter((robot) => names.includes(robot.namespace) && robot.name.split('+')[1]?.startsWith(query))
  const view = ({ name, namespace }: (typeof robots)[number]) => ({
    kind: 'robot',
    name,
    avatar: avatar(name, 'robot'),
    namespace: namespaceView(call, namespace),
    score: 2,
  })
  return [...teams, ...robots.map(view)]
}
