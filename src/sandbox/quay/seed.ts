import { defaultFeatures } from './features.ts'
import type { Registry } from './registry.ts'
import { seededLogs } from './seed-logs.ts'
import { emptyOrganization, emptyUser, team } from './seed-parts.ts'
import { seededRepositories } from './seed-repositories.ts'

const day = 24 * 3600 * 1000

/** An empty registry: what the seed and the tests' own fixtures begin with. */
export function emptyRegistry(): Omit<Registry, 'pushTag' | 'announce'> {
  return {
    release: 'newest',
    features: defaultFeatures(),
    superusersFullAccess: true,
    authenticationType: 'Database',
    state: 'normal',
    allowLoopbackWebhooks: false,
    ldapGroups: [],
    ldapPeople: [],
    users: [],
    organizations: [],
    robots: [],
    repositories: [],
    tokens: [],
    logs: [],
    messages: [],
    serviceKeys: [],
    registrySize: { bytes: 0, lastRan: null, queuedAt: null },
    deletedNames: [],
    deletedRepositories: [],
    cleanUp: { every: 60_000, last: 0 },
    logsIn: 'database',
    redisAnswers: true,
    upstreams: {},
    deliveries: [],
    buildQueueLimit: 100,
    uploads: [],
    nextId: 1000,
  }
}

/** The Quay that the sandbox shows: the accounts and things of docs/architecture.md. */
export function seed(now: number): Omit<Registry, 'pushTag' | 'announce'> {
  const long = now - 200 * day
  const user = (id: number, name: string, email = `${name}@example.com`) => emptyUser(id, name, email, long)
  // quayadmin is played by Slack's dora; quaymaster is the bot's own account.
  const admins = [user(1, 'quaymaster'), user(2, 'quayadmin', 'dora@example.com')].map((one) => ({ ...one, superuser: true }))
  const people = ['alice', 'bea', 'carl', 'eve', 'hana', 'ivan'].map((name, index) => user(3 + index, name))
  return {
    ...emptyRegistry(),
    users: [...admins, ...people],
    organizations: organizations(long),
    robots: ['acme+ci', 'acme+deploy'].map((name, index) => robot(30 + index, name, now - 90 * day)),
    repositories: seededRepositories(now),
    logs: seededLogs(now),
    messages: [],
    ldapGroups: ['cn=developers,ou=groups'],
  }
}

function organizations(created: number) {
  const acme = emptyOrganization(20, 'acme', 'acme@example.com', created)
  acme.teams = [
    team(21, 'owners', 'admin', ['bea', 'carl']),
    team(22, 'creators', 'creator', ['alice'], 'May create repositories'),
    team(23, 'developers', 'member', ['alice', 'ivan'], 'Everybody who builds the product'),
    team(24, 'frontend', 'member', ['ivan'], 'The shop and its pages'),
  ]
  const globex = emptyOrganization(25, 'globex', 'globex@example.com', created)
  globex.teams = [team(26, 'owners', 'admin', ['hana'])]
  // Where alice has no right, and bea may decide what she asks for: the tour's.
  const labs = emptyOrganization(40, 'labs', 'labs@example.com', created)
  labs.teams = [team(41, 'owners', 'admin', ['bea', 'carl'])]
  const platform = emptyOrganization(27, 'platform', 'platform@example.com', created)
  platform.teams = [team(28, 'owners', 'admin', ['quaymaster'])]
  platform.applications = [
    {
      clientId: 'QUAYMASTERSANDBOX001',
      clientSecret: 'THESANDBOXHASNOREALSECRETATALL0000000000',
      name: 'quaymaster',
      description: 'ChatOps for Quay in Slack',
      applicationUri: '',
      redirectUri: '',
      avatarEmail: null,
    },
  ]
  return [acme, globex, labs, platform]
}

function robot(id: number, name: string, created: number) {
  const [namespace = ''] = name.split('+')
  const token = `SANDBOX${name.toUpperCase().replace(/\W/g, '')}`.padEnd(64, '0')
  return { id, name, namespace, token, description: '', metadata: {}, created, lastAccessed: null, federation: [] }
}
