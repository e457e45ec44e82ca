import type { Bot } from '../../src/context.ts'
import { discover } from '../../src/quay/facts.ts'
import type { SimulatedQuay } from '../../src/sandbox/quay/api.ts'
import { emptyBuild } from '../../src/sandbox/quay/builds.ts'
import { defaultFeatures } from '../../src/sandbox/quay/features.ts'
import { emptyOrganization, emptyRepository, emptyUser, uuidOf } from '../../src/sandbox/quay/seed-parts.ts'
import { accounts, type Data, matrixData } from '../sandbox/quay/rights-fixture.ts'
import { startBot } from '../start-bot.ts'

/** Every kind of account, with the Slack person who has it. `nobody` has no account in Quay at all. */
export const kinds = ['nobody', ...Object.keys(accounts)]

const day = 24 * 3_600_000

export function personOf(kind: string) {
  return `U0${kind.replaceAll('_', '').toUpperCase()}`
}

export interface Registry {
  /** A registry that superusers may use as if everything were theirs. */
  superusersFullAccess?: boolean
  features?: Record<string, boolean>
  authenticationType?: 'Database' | 'LDAP'
}

/** A bot on the registry of the recorded rights matrix, and a person at Slack for each kind of account. */
export async function openRegistry(until: (stop: () => Promise<void>) => void) {
  const map = Object.fromEntries(Object.entries(accounts).map(([kind, account]) => [personOf(kind), account]))
  const opened = await startBot({
    until,
    policy: { identity: { map, email: true }, superusers: undefined, archives: { hosts: ['*.example.com'] } },
  })
  const { slack, quay, bot } = opened
  const [alice] = slack.workspace.users
  if (!alice) throw new TypeError('there is nobody in the workspace')
  for (const kind of kinds)
    slack.workspace.users.push({ ...structuredClone(alice), id: personOf(kind), name: kind, is_email_confirmed: false })
  return { ...opened, become: (registry: Registry) => become(bot, quay, registry) }
}

/** Makes the registry another one. Returns what puts it back as it was then, and everybody's own token. */
async function become(
  bot: Bot,
  quay: SimulatedQuay,
  { features = {}, superusersFullAccess = true, authenticationType = 'Database' }: Registry,
) {
  const { registry } = quay
  const kept = registry.tokens
  const data: Data = { ...matrixData(Date.now(), { ...defaultFeatures(), ...features }), superusersFullAccess, authenticationType }
  // No build goes on while somebody looks at it.
  for (const { builds } of data.repositories) for (const build of builds) build.phaseSince += day
  addMore(data)
  data.ldapGroups = ['cn=developers,ou=groups']
  data.users.push({ ...emptyUser(900, 'quaymaster', 'quaymaster@example.com', Date.now()), superuser: true })
  // Without full access a superuser reads only what they own, and so does the bot.
  const owners = data.organizations.find(({ name }) => name === 'matrix')?.teams.find(({ name }) => name === 'owners')
  if (!superusersFullAccess) owners?.members.push('quaymaster')
  Object.assign(registry, data, { tokens: kept })
  const tokens = Object.fromEntries(Object.entries(accounts).map(([kind, account]) => [kind, quay.tokenOf(account)]))
  const pristine: Data = structuredClone({ ...data, tokens: registry.tokens })
  bot.cache.clear()
  await discover(bot.quay)
  return { tokens, restore: () => void Object.assign(registry, structuredClone(pristine)) }
}

/** What some commands need on top of the recorded fixture: ended builds, a mirror, a tag's past, policies, a disabled account. */
function addMore({ repositories, organizations, users, messages, serviceKeys, nextId }: Data) {
  const now = Date.now()
  messages.push({ uuid: uuidOf('message'), content: 'Maintenance tonight', severity: 'warning', mediaType: 'text/plain' })
  serviceKeys.push({
    ...{ kid: 'k1', service: 'scanner', name: 'scanner', metadata: {}, jwk: {} },
    ...{ created: now, expires: null, rotation: null, approval: null },
  })
  for (const repository of repositories) {
    const ended = {
      ...emptyBuild(now, 'ended'),
      uuid: uuidOf(`ended ${repository.name}`),
      phase: 'error' as const,
      archiveUrl: 'https://downloads.example.com/a.zip',
    }
    if (repository.builds.length > 0) repository.builds.unshift(ended)
    const [trigger] = repository.triggers
    if (trigger) repository.triggers.push({ ...trigger, id: uuidOf('off trigger'), enabled: false })
    for (const notification of repository.notifications) notification.failures = 3
    if (trigger) repository.builds.unshift({ ...ended, uuid: uuidOf('triggered'), trigger: trigger.id, pullRobot: 'matrix+bot' })
    const [tag] = repository.tags
    if (tag)
      repository.tags.push({ ...tag, name: 'gone', end: now - 1000 }, { ...tag, name: 'v0' }, { ...tag, name: 'locked', immutable: true })
    for (const image of repository.manifests) image.scan = { status: 'scanned', features: [] }
    repository.immutabilityPolicies.push({ uuid: uuidOf('immutability'), tagPattern: '^v', tagPatternMatches: true })
    repository.prunePolicies.push({ uuid: uuidOf('policy'), method: 'number_of_tags', value: 5 })
  }
  const mirrored = emptyRepository({
    id: nextId + 1,
    namespace: 'matrix',
    name: 'mirrored',
    created: now,
    users: { urepoadmin: 'admin', uwriter: 'write' },
  })
  const times = { syncStart: now + day, startWithMicroseconds: false, syncInterval: 86_400, syncExpiration: null, statusSince: now }
  const credentials = { username: null, password: null, config: {}, robot: 'matrix+bot' }
  const mirror = { rule: ['latest'], skopeoTimeout: 300, architectures: [], retriesRemaining: 3, status: 'SYNC_NOW' as const }
  repositories.push({
    ...mirrored,
    state: 'MIRROR',
    mirror: { enabled: true, externalReference: 'quay.io/projectquay/quay', ...credentials, ...times, ...mirror },
  })
  addProxies(organizations, now)
  for (const organization of organizations) {
    organization.immutabilityPolicies.push({ uuid: uuidOf('immutability'), tagPattern: '^v', tagPatternMatches: true })
    organization.quotas.push({ id: 900 + organization.id, limitBytes: 10_737_418_240, limits: [] })
  }
  const synced = organizations.flatMap(({ teams }) => teams).find(({ name }) => name === 'writers')
  if (synced) synced.sync = { service: 'ldap', config: { group_dn: 'cn=writers,ou=groups' }, lastUpdated: null }
  for (const user of users) if (user.name === 'extra2') user.enabled = false
}

/** An organisation that is a proxy cache, and one that may become one: it must have no repositories. Their teams are those of `matrix`. */
function addProxies(organizations: Data['organizations'], now: number) {
  const teams = organizations.find(({ name }) => name === 'matrix')?.teams ?? []
  const [cached, empty] = ['cached', 'empty'].map((name, index) => ({
    ...emptyOrganization(950 + index, name, `${name}@example.com`, now),
    teams: structuredClone(teams),
  }))
  if (!cached || !empty) throw new TypeError('there are two of them')
  cached.proxyCache = { upstreamRegistry: 'docker.io', username: null, password: null, expiration: 86_400, insecure: false }
  organizations.push(cached, empty)
}
