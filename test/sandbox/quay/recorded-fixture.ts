import { emptyBuild } from '../../../src/sandbox/quay/builds.ts'
import type { Quota, Team, TeamRole } from '../../../src/sandbox/quay/registry.ts'
import type { Role } from '../../../src/sandbox/quay/repository-parts.ts'
import type { Label, Manifest, Repository } from '../../../src/sandbox/quay/repository-state.ts'
import { emptyRegistry } from '../../../src/sandbox/quay/seed.ts'
import { digestOf, emptyOrganization, emptyRepository, emptyUser, manifest, team, uuidOf } from '../../../src/sandbox/quay/seed-parts.ts'
import { recordedMirror } from './recorded-mirror.ts'
import type { Data } from './rights-fixture.ts'

// What Quay's own initdb.populate_database made before the recording began, as far as the exchanges show it.

export function recordedData(now: number): Data {
  const data = emptyRegistry()
  Object.assign(data.features, { MAILING: false })
  Object.assign(data, { nextId: 400, ldapGroups: ['cn=devs,ou=groups'] })
  data.ldapPeople = ['ldapone', 'ldaptwo'].map((username) => ({ username, email: `${username}@example.com` }))
  data.users = users(now)
  data.organizations = organizations(now)
  data.robots = robots(now)
  data.repositories = repositories(now)
  data.messages = ['We love you, Quay customers!', 'This is a **development** install of Quay'].map(message)
  data.serviceKeys = ['kid1', 'kid2'].map((kid, index) => serviceKey(kid, now, index === 0))
  return data
}

const message = (content: string) => ({ uuid: uuidOf(content), content, severity: 'info', mediaType: 'text/plain' })

function serviceKey(kid: string, now: number, isApproved: boolean) {
  const approval = isApproved ? { at: now, approver: '', notes: 'The **test** approval' } : null
  const jwk = { e: 'AQAB', kid, kty: 'RSA', n: 'tykO0dkxxwD' }
  return { kid, service: 'sample_service', name: 'somesamplekey', metadata: {}, jwk, created: now, expires: null, rotation: null, approval }
}

function users(now: number) {
  const names = `devtable disabled public freshuser randomuser unverified reader creator member outsideorg subscription
    globalreadonlysuperuser normaluser`.split(/\s+/)
  const all = names.map((name, index) => emptyUser(1 + index, name, `${name}@devtable.com`, now))
  for (const user of all) {
    Object.assign(user, {
      superuser: user.name === 'devtable',
      globalReader: user.name === 'globalreadonlysuperuser',
      enabled: user.name !== 'disabled',
    })
    if (user.name === 'randomuser') user.quotas.push(quota(2, 6000, 'Reject', 90))
    if (user.name !== 'devtable') continue
    Object.assign(user, { starred: ['devtable/simple'], inbox: inbox(now) })
    const policy = { method: 'number_of_tags', value: 10, tagPattern: null }
    // Made by an older Quay, without a word on matching (recorded/user-autoprune-list).
    user.prunePolicies.push({ uuid: uuidOf('policy of devtable'), ...policy, tagPatternMatches: null as unknown as boolean })
    user.appTokens.push({ uuid: uuidOf('app token'), title: 'some app', token: 'X', created: now, lastAccessed: null, expiration: null })
  }
  return all
}

function inbox(now: number) {
  const jwk = { n: 'sxzh', e: 'AQAB', kty: 'RSA', kid: 'kid3' }
  const key = { name: 'unapprovedkey', kid: 'kid3', service: 'sample_service', jwk, metadata: {}, created_date: 1_795_417_573 }
  const maintenance = {
    from_date: 'Mon, 23 Nov 2026 07:06:09 -0000',
    to_date: 'Mon, 23 Nov 2026 08:06:09 -0000',
    reason: 'database migration',
  }
  const all: [string, Record<string, unknown>][] = [
    ['service_key_submitted', key],
    ['assigned_authorization', { username: 'devtable' }],
    ['maintenance', maintenance],
    ['test_notification', { some: 'value', arr: [1, 2, 3], obj: { a: 1, b: 2 } }],
  ]
  return all.map(([kind, metadata]) => ({ uuid: uuidOf(kind), kind, metadata, created: now, dismissed: false }))
}

function quota(id: number, limitBytes: number, type: 'Warning' | 'Reject', percent: number): Quota {
  return { id, limitBytes, limits: [{ id, type, percent }] }
}

function organizations(now: number) {
  const names = 'buynlarge testorgforautoprune library titi sellnsmall subscriptionsorg proxyorg orgwithnosuperuser'.split(' ')
  const all = names.map((name, index) => emptyOrganization(50 + index, name, `${name}@devtable.com`, now))
  for (const organization of all) {
    const owner = organization.name === 'orgwithnosuperuser' ? 'randomuser' : 'devtable'
    organization.teams = organization.name === 'buynlarge' ? buynlargeTeams() : [team(80 + organization.id, 'owners', 'admin', [owner])]
    if (organization.name === 'buynlarge') organization.quotas.push(quota(1, 3000, 'Warning', 50))
    if (organization.name === 'orgwithnosuperuser') organization.quotas.push(quota(3, 3000, 'Warning', 50))
    if (organization.name === 'proxyorg')
      organization.proxyCache = { upstreamRegistry: 'docker.io', username: null, password: null, expiration: 86_400, insecure: false }
    if (organization.name === 'buynlarge') organization.applications = applications
  }
  return all
}

function buynlargeTeams(): Team[] {
  const one = (id: number, name: string, role: TeamRole, ...members: string[]) => team(id, name, role, members, `${name} of buynlarge`)
  return [
    one(60, 'owners', 'admin', 'devtable', 'buynlarge+ownerbot'),
    one(61, 'creators', 'creator', 'creator', 'buynlarge+creatorbot'),
    one(62, 'readers', 'member', 'public', 'reader'),
    one(63, 'synced', 'member'),
  ]
}

const texts = { description: '', applicationUri: 'http://localhost:8000', redirectUri: 'http://localhost:8000/o2c.html', avatarEmail: null }
const applications = [
  { clientId: 'deadbeef', clientSecret: 'S', name: 'Some Test App', ...texts },
  { clientId: 'RECORDERCLIENTID0001', clientSecret: 'S', name: 'recorder', ...texts },
]

function robots(now: number) {
  const names = `devtable+dtrobot devtable+dtrobot2 buynlarge+coolrobot buynlarge+neworgrobot buynlarge+ownerbot buynlarge+creatorbot
    freshuser+anotherrobot`.split(/\s+/)
  return names.map((name, index) => robot(100 + index, name, now))
}

export function robot(id: number, name: string, created: number) {
  const [namespace = ''] = name.split('+')
  return {
    id,
    name,
    namespace,
    token: name.toUpperCase().padEnd(64, 'X'),
    description: '',
    metadata: {},
    created,
    lastAccessed: null,
    federation: [],
  }
}

interface Known {
  description?: string | null
  visibility?: 'public' | 'private'
  users?: Record<string, Role>
  /** Tag → digest. */
  tags?: Record<string, string>
  /** Whether a tag is written at all: `building` and `repo` have none. */
  isEmpty?: boolean
}

const simpleLatest = 'sha256:51f142807e82537c92527a6138850a834cbdcacd9862517a368a5e40837ca645'
const superwide = Object.fromEntries(Array.from({ length: 18 }, (_, index) => [`latest${index + 1}`, digestOf(`superwide ${index}`)]))

const known: Record<string, Known> = {
  'randomuser/randomrepo': {},
  'devtable/simple': { tags: { latest: simpleLatest, prod: 'sha256:43c506c9f1540e4757983412e532b35ef8fb9477c1dbeeb76131947de1fad0f3' } },
  'devtable/sharedtags': {
    users: { 'devtable+dtrobot': 'read' },
    tags: { latest: 'sha256:21f68482af8e47ac62e1585defc7bad039910d8cead308db8936137b03b23950' },
  },
  'devtable/history': { tags: { latest: 'sha256:abb302ec4ddf7b4896f4c70dc9089a6301337f62c648d1c7f4c2b449d9175b34' } },
  'devtable/complex': {
    users: { 'devtable+dtrobot': 'read' },
    tags: { prod: 'sha256:43a8d8cf3952f264ad54414e62d7d60cb8aabef34cd53e7ec25e97d97e95883c' },
  },
  'devtable/gargantuan': { description: null },
  'devtable/trusted': {},
  'public/publicrepo': { visibility: 'public', description: 'Public repository pullable by the world.' },
  'outsideorg/coolrepo': {},
  'devtable/shared': { users: { public: 'write' } },
  'devtable/text-full-repo': {},
  'devtable/building': { isEmpty: true },
  'testorgforautoprune/autoprunerepo': {},
  'buynlarge/orgrepo': {
    users: { outsideorg: 'read' },
    tags: { latest: 'sha256:40df9d4d123a6f18232d5b96dab01bb4e2349bf0bba70054b1a2311c4366848a' },
  },
  'buynlarge/anotherorgrepo': {},
  'devtable/superwide': { description: null, tags: superwide },
  'devtable/mirrored': { users: { 'devtable+dtrobot': 'write', 'devtable+dtrobot2': 'read' } },
  'devtable/readonly': {},
  'orgwithnosuperuser/repo': { description: null, isEmpty: true },
}

function repositories(now: number): Repository[] {
  const all = Object.entries(known).map(([full, about], index) => repository(200 + index, full, about, now))
  const find = (full: string) => all.find((one) => `${one.namespace}/${one.name}` === full)
  Object.assign(find('devtable/readonly') ?? {}, { state: 'READ_ONLY' })
  Object.assign(find('devtable/mirrored') ?? {}, { state: 'MIRROR', mirror: recordedMirror(now) })
  Object.assign(find('buynlarge/orgrepo') ?? {}, { teamPermissions: { readers: 'read' } })
  Object.assign(find('devtable/building') ?? {}, buildingParts(now))
  scan(find('devtable/simple'))
  for (const [full, status] of Object.entries({
    complex: 'failed',
    history: 'unsupported',
    sharedtags: 'manifest_layer_too_large',
  } as const)) {
    const [first] = find(`devtable/${full}`)?.manifests ?? []
    if (first) first.scan = { status }
  }
  return all
}

function repository(
  id: number,
  full: string,
  { description = `The repository ${full}`, visibility = 'private', users = {}, tags, isEmpty }: Known,
  now: number,
) {
  const [namespace = '', name = ''] = full.split('/')
  const owners: Record<string, Role> = namespace === 'buynlarge' ? {} : { [namespace]: 'admin' }
  const made = emptyRepository({ id, namespace, name, created: now, visibility, users: { ...owners, ...users } })
  made.description = description
  if (isEmpty) return made
  for (const [tag, digest] of Object.entries(tags ?? { latest: digestOf(full) })) {
    if (!made.manifests.some((one) => one.digest === digest)) made.manifests.push(schema1(digest, now))
    made.tags.push({ name: tag, digest, start: now - 60_000, end: null, reversion: false, immutable: false })
  }
  return made
}

/** What the recorder's database held: images of the old schema, which name neither commands nor dates. */
function schema1(digest: string, now: number): Manifest {
  const image = manifest(digest, 92, now)
  return { ...image, digest, configMediaType: null, layers: image.layers.map((layer) => ({ ...layer, command: null, created: null })) }
}

function scan(simple: Repository | undefined) {
  const image = simple?.manifests.find(({ digest }) => digest === simpleLatest)
  if (!image) return
  const flaw = { name: 'CVE-2021-3450', severity: 'High', description: 'A test', link: 'https://access.redhat.com', fixedBy: '' }
  image.scan = { status: 'scanned', features: [{ name: 'openssl-libs', version: '1', vulnerabilities: [flaw] }] }
  const label = (key: string, value: string, source: Label['source']) => ({
    id: uuidOf(`${key}${value}`),
    key,
    value,
    source,
    mediaType: 'text/plain',
  })
  image.labels = [
    label('foo', 'bar', 'manifest'),
    label('foo', 'baz', 'api'),
    label('anotherlabel', '1234', 'internal'),
    label('jsonlabel', '{}', 'internal'),
  ]
}

/** A build made by a trigger of GitHub that was never activated. */
function buildingParts(now: number): Partial<Repository> {
  const id = 'f081bffa-f0e8-41d0-baeb-77bcf8292ef0'
  const config = { build_source: 'jakedt/testconnect', subdir: '', dockerfile_path: 'Dockerfile', context: '/' }
  const source = { buildSource: 'jakedt/testconnect', repositoryUrl: 'https://github.com/jakedt/testconnect' }
  const trigger = {
    id,
    service: 'github',
    enabled: true,
    active: false,
    config,
    ...source,
    pullRobot: 'devtable+dtrobot',
    disabledReason: null,
  }
  const metadata = { commit: '3482adc5822c498e8f7db2e361e8d57b3d77ddd9', ref: 'refs/heads/master', default_branch: 'master' }
  const place = { dockerfilePath: '', context: '', fileId: '701dcc3724fb4f2ea6c31400528343cd', displayName: 'build-name' }
  const build = { ...emptyBuild(now, 'x'), uuid: 'deadbeef-dead-beef-dead-beefdeadbeef', trigger: id, triggerMetadata: metadata, ...place }
  return { triggers: [trigger], builds: [build] }
}
