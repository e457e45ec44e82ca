import type { Organization, Registry, User } from '../../../src/sandbox/quay/registry.ts'
import type { Repository } from '../../../src/sandbox/quay/repository-state.ts'
import { digestOf, emptyOrganization, emptyRepository, emptyUser, manifest, team, uuidOf } from '../../../src/sandbox/quay/seed-parts.ts'

// The registry of a company of 3,000 people: beside what the sandbox has, organizations org0 to org294 with their teams and
// repositories, `big` (500 members in 200 teams, one repository with 5,000 tags) and `robots` (2,000 robot accounts).

const day = 24 * 3_600_000
const many = <Value>(count: number, make: (number: number) => Value) => Array.from({ length: count }, (_, number) => make(number))

export const people = 3_000
export const ordinary = 294
const robots = 2_000

/** The account of a person, whose address and Slack name are the same. */
export const nameOf = (number: number) => `person${number}`
/** The organization in which a person may create, by number; person 7n is an owner of org n. */
export const homeOf = (number: number) => `org${number % ordinary}`

/** Adds the company to a seeded registry. `bot`: where the bot is reached, and has a webhook of every repository. */
export function fillRegistry(registry: Registry, now: number, bot: string, { repositories = 20_000, logs = 100_000 } = {}): void {
  const long = now - 300 * day
  registry.nextId = 1_000_000
  const taken = registry.users.length
  registry.users.push(
    ...many(people - taken, (number) => emptyUser(10_000 + number, nameOf(number), `${nameOf(number)}@example.com`, long)),
  )
  const seeded = registry.organizations.length
  const made = many(300 - seeded - 2, (number) => organization(number, long))
  registry.organizations.push(...made, big(long), emptyOrganization(19_999, 'robots', 'robots@example.com', long))
  registry.repositories.push(...manyRepositories(registry.organizations, repositories - registry.repositories.length, now))
  for (const one of registry.repositories) one.notifications.push(webhook(`${one.namespace}/${one.name}`, bot))
  const [tagged] = registry.repositories.filter(({ namespace }) => namespace === 'big')
  if (tagged) manyTags(tagged, 5_000, now)
  registry.robots.push(...many(robots, (number) => robot('robots', `ci${number}`, 500_000 + number, long)))
  registry.robots.push(...many(ordinary, (number) => robot(`org${number}`, 'ci', 510_000 + number, long)))
  const used = many(logs - registry.logs.length, (number) => usage(registry.users, number, now, number / logs))
  registry.logs = used.concat(registry.logs)
}

/** Two owners, ten creators and twenty developers each. A person is a creator of `homeOf(number)`. */
function organization(number: number, created: number): Organization {
  const made = emptyOrganization(20_000 + number, `org${number}`, `org${number}@example.com`, created)
  const [creators, others] = [0, 5].map((from) => many(5, (index) => nameOf(((from + index) * ordinary + number) % 2_990)))
  made.teams = [
    team(30_000 + 4 * number, 'owners', 'admin', [nameOf((number * 7) % 2_990), nameOf((number * 7 + 1) % 2_990)]),
    team(30_001 + 4 * number, 'creators', 'creator', [...(creators ?? []), ...(others ?? [])]),
    team(
      30_002 + 4 * number,
      'developers',
      'member',
      many(20, (index) => nameOf((number * 10 + index) % 2_990)),
    ),
  ]
  return made
}

function big(created: number): Organization {
  const made = emptyOrganization(19_998, 'big', 'big@example.com', created)
  const members = (number: number) => many(5, (index) => nameOf((number * 5 + index) % 500))
  made.teams = [
    team(18_000, 'owners', 'admin', [nameOf(0), nameOf(1)]),
    ...many(199, (number) => team(18_001 + number, `team${number}`, 'member', members(number))),
  ]
  return made
}

function manyRepositories(organizations: Organization[], count: number, now: number): Repository[] {
  return many(count, (number) => {
    const { name: namespace = '' } = organizations[number % organizations.length] ?? {}
    const made = emptyRepository({
      id: 100_000 + number,
      namespace,
      name: `service${Math.floor(number / organizations.length)}`,
      created: now - 200 * day,
      visibility: number % 10 === 0 ? 'public' : 'private',
      users: number % 5 === 0 ? { [nameOf(number % 2_990)]: 'write' } : {},
    })
    made.teamPermissions = { developers: 'write' }
    const image = manifest(`${namespace}/${made.name}`, 80_000_000, now - 20 * day)
    // Scanned long ago, or the simulated scanner would begin.
    image.scan = { status: 'scanned', features: [] }
    made.manifests.push(image)
    made.tags.push({ name: 'latest', digest: image.digest, start: now - 20 * day, end: null, reversion: false, immutable: false })
    return made
  })
}

function manyTags(repository: Repository, count: number, now: number) {
  const digest = repository.manifests[0]?.digest ?? digestOf('none')
  const tag = (number: number) => ({
    name: `v${number}`,
    digest,
    start: now - (count - number) * 60_000,
    end: null,
    reversion: false,
    immutable: false,
  })
  repository.tags.push(...many(count, tag))
}

/** The token of the webhook that tells of the pushes to a repository, and Quay's id of it. */
export const tokenOf = (repository: string) => `company-${repository.replace('/', '-')}`

function webhook(repository: string, bot: string) {
  const config = { url: `${bot}/quay/events/${tokenOf(repository)}` }
  const title = `Quaymaster ${repository}`
  return { uuid: uuidOf(`webhook of ${repository}`), title, event: 'repo_push', method: 'webhook', config, eventConfig: {}, failures: 0 }
}

function robot(namespace: string, name: string, id: number, created: number): Registry['robots'][number] {
  const token = `COMPANY${id}`.padEnd(64, '0')
  return { id, name: `${namespace}+${name}`, namespace, token, description: '', metadata: {}, created, lastAccessed: null, federation: [] }
}

/** Oldest first, some over each of the last ninety days. `share`: how far along them. */
function usage(users: User[], number: number, now: number, share: number): Registry['logs'][number] {
  const namespace = `org${number % ordinary}`
  return {
    kind: number % 3 === 0 ? 'push_repo' : 'pull_repo',
    metadata: { repo: 'service1', namespace, tag: 'latest' },
    ip: '198.51.100.9',
    at: now - 90 * day + Math.floor(share * 90 * day),
    performer: users[number % users.length]?.name ?? null,
    namespace,
    repository: `${namespace}/service1`,
  }
}
