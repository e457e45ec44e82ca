import { emptyBuild } from '../../../src/sandbox/quay/builds.ts'
import type { Registry, TeamRole } from '../../../src/sandbox/quay/registry.ts'
import type { Repository } from '../../../src/sandbox/quay/repository-state.ts'
import { emptyRegistry } from '../../../src/sandbox/quay/seed.ts'
import { emptyOrganization, emptyRepository, emptyUser, manifest, team, uuidOf } from '../../../src/sandbox/quay/seed-parts.ts'

// The fixture of rights-matrix.json, as its own `fixture` describes it.

export type Data = Omit<Registry, 'pushTag' | 'announce'>

export const accounts: Record<string, string> = {
  none: 'unone',
  member: 'umember',
  reader: 'ureader',
  writer: 'uwriter',
  repo_admin: 'urepoadmin',
  team_writer: 'uteamwriter',
  creator: 'ucreator',
  creator_owner: 'ucreatorowner',
  org_admin: 'uorgadmin',
  ns_owner: 'uowner',
  disabled: 'udisabled',
  global_reader: 'uglobalreader',
  superuser: 'devtable',
  superuser_no_full_access: 'devtable',
}

export function matrixData(now: number, features: Record<string, boolean>): Data {
  const data = emptyRegistry()
  Object.assign(data.features, features)
  const names = [...new Set(Object.values(accounts)), 'extra', 'extra2', 'otherowner']
  data.users = names.map((name, index) => emptyUser(1 + index, name, `${name}@example.com`, now))
  for (const user of data.users) {
    user.superuser = user.name === 'devtable'
    user.globalReader = user.name === 'uglobalreader'
    user.enabled = user.name !== 'udisabled'
  }
  data.organizations = [matrixOrganization(now), otherOrganization(now)]
  data.robots = ['matrix+bot', 'matrix+spare', 'other+bot', 'uowner+bot'].map((name, index) => robot(200 + index, name, now))
  data.repositories = repositories(now)
  data.messages = ['one', 'two', 'three'].map((content) => ({ uuid: uuidOf(content), content, severity: 'info', mediaType: 'text/plain' }))
  return data
}

const teamOf = (id: number, name: string, role: TeamRole, ...members: string[]) => team(id, name, role, members)

function matrixOrganization(now: number) {
  const matrix = emptyOrganization(100, 'matrix', 'matrix@example.com', now)
  matrix.teams = [
    teamOf(101, 'owners', 'admin', 'uorgadmin', 'udisabled'),
    teamOf(102, 'creators', 'creator', 'ucreator', 'ucreatorowner'),
    teamOf(103, 'members', 'member', 'umember'),
    teamOf(104, 'writers', 'member', 'uteamwriter'),
    teamOf(105, 'spare', 'member', 'extra'),
  ]
  matrix.prototypes = [{ id: uuidOf('prototype'), role: 'read', activatingUser: null, delegate: { kind: 'user', name: 'extra' } }]
  const texts = { name: 'app', description: '', applicationUri: 'http://localhost', redirectUri: 'http://localhost/cb', avatarEmail: null }
  matrix.applications = [{ clientId: 'MATRIXCLIENT00000001', clientSecret: 'SECRET', ...texts }]
  return matrix
}

function otherOrganization(now: number) {
  const other = emptyOrganization(110, 'other', 'other@example.com', now)
  other.teams = [teamOf(111, 'owners', 'admin', 'otherowner')]
  return other
}

function robot(id: number, name: string, created: number) {
  const [namespace = ''] = name.split('+')
  return { id, name, namespace, token: name.padEnd(64, 'X'), description: '', metadata: {}, created, lastAccessed: null, federation: [] }
}

function tagged(id: number, full: string, now: number, more: Partial<Parameters<typeof emptyRepository>[0]> = {}): Repository {
  const [namespace = '', name = ''] = full.split('/')
  const repository = emptyRepository({ id, namespace, name, created: now, ...more })
  const image = manifest('matrix v1', 1000, now)
  repository.manifests.push(image)
  repository.tags.push({ name: 'v1', digest: image.digest, start: now, end: null, reversion: false, immutable: false })
  return repository
}

const waitingBuild = (text: string, now: number) => ({
  ...emptyBuild(now, text),
  uuid: uuidOf(text),
  archiveUrl: 'https://example.com/src.tar.gz',
})

function repositories(now: number) {
  const hidden = tagged(120, 'matrix/private', now)
  hidden.userPermissions = { ureader: 'read', uwriter: 'write', urepoadmin: 'admin', extra: 'read', 'matrix+bot': 'write' }
  hidden.teamPermissions = { writers: 'write', spare: 'read' }
  hidden.builds = [waitingBuild('private build', now)]
  const config = { url: 'https://hooks.example.com/x' }
  hidden.notifications = [
    { uuid: uuidOf('notification'), title: 't', event: 'repo_push', method: 'webhook', config, eventConfig: {}, failures: 0 },
  ]
  hidden.triggers = [trigger()]
  hidden.manifests[0]?.labels.push({ id: uuidOf('label'), key: 'k', value: 'v', source: 'api', mediaType: 'text/plain' })
  const open = tagged(121, 'matrix/public', now, { visibility: 'public' })
  open.builds = [waitingBuild('public build', now)]
  const mine = tagged(122, 'matrix/mine', now, { users: { ucreatorowner: 'admin', extra: 'read' } })
  const spare = emptyRepository({ id: 123, namespace: 'matrix', name: 'sparerepo', created: now })
  return [hidden, open, mine, spare, tagged(124, 'other/private', now), tagged(125, 'uowner/private', now, { users: { uowner: 'admin' } })]
}

function trigger() {
  const source = 'https://git.example.com/app.git'
  const state = { enabled: true, active: true, disabledReason: null, pullRobot: null }
  return {
    id: uuidOf('trigger'),
    service: 'custom-git',
    ...state,
    config: { build_source: source },
    buildSource: source,
    repositoryUrl: null,
  }
}
