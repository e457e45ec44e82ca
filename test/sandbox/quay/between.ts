import { emptyBuild } from '../../../src/sandbox/quay/builds.ts'
import { findOrganization, findRepository } from '../../../src/sandbox/quay/lookup.ts'
import type { UsageLog } from '../../../src/sandbox/quay/registry.ts'
import type { Repository } from '../../../src/sandbox/quay/repository-state.ts'
import { digestOf, emptyOrganization, emptyRepository, emptyUser, manifest, team } from '../../../src/sandbox/quay/seed-parts.ts'
import { moveTag } from '../../../src/sandbox/quay/tag-history.ts'
import { robot } from './recorded-fixture.ts'
import type { Data } from './rights-fixture.ts'

// What the recorder changed between two recorded exchanges: by calls it did not keep, in the database, or by starting
// the server with another configuration.

function organization(data: Data, name: string, now: number) {
  const made = {
    ...emptyOrganization(data.nextId++, name, `${name}@example.com`, now),
    teams: [team(data.nextId++, 'owners', 'admin', ['devtable'])],
  }
  data.organizations.push(made)
  return made
}

function repository(data: Data, full: string, now: number) {
  const [namespace = '', ...rest] = full.split('/')
  const made = emptyRepository({ id: data.nextId++, namespace, name: rest.join('/'), created: now, users: { devtable: 'admin' } })
  data.repositories.push(made)
  return made
}

/** A thing that an earlier exchange made; when it did not, the test should stop here. */
function existing(data: Data, full: string): Repository {
  const found = findRepository({ ...data, pushTag: () => {}, announce: () => {} }, full)
  if (!found) throw new Error(`${full} is missing`)
  return found
}

function existingOrganization(data: Data, name: string) {
  const found = findOrganization({ ...data, pushTag: () => {}, announce: () => {} }, name)
  if (!found) throw new Error(`${name} is missing`)
  return found
}

type Between = (data: Data, now: number) => void

export const makeDave: Between = (data, now) => void data.users.push(emptyUser(data.nextId++, 'dave', 'dave@example.com', now))

export const makeTemporaryOrganizations: Between = (data, now) => {
  for (const name of ['orgtmp1', 'orgtmp2', 'orgtmp3']) organization(data, name, now)
}

export const giveOrgtmp2Quota: Between = (data) =>
  void existingOrganization(data, 'orgtmp2').quotas.push({ id: 4, limitBytes: 1000, limits: [] })

const entry = (at: number, more: Partial<UsageLog> = {}): UsageLog => {
  const metadata = { repo: 'orgrepo', namespace: 'buynlarge', tag: 'latest' }
  return { kind: 'pull_repo', metadata, ip: '127.0.0.1', at, performer: 'public', namespace: 'buynlarge', repository: null, ...more }
}

/** 32 entries in all, so that the wide range has two pages and the empty one. */
export const logsOfTheFirstMinutes: Between = (data, now) => {
  const mine = Array.from({ length: 4 }, () =>
    entry(now, { kind: 'manifest_label_add', performer: 'devtable', namespace: 'devtable', repository: 'devtable/simple', ip: null }),
  )
  const others = Array.from({ length: 28 }, (_, index) => entry(now, index < 4 ? {} : { namespace: 'library', performer: 'public' }))
  data.logs = [...mine, ...others]
}

export const makeBot0: Between = (data, now) => void data.robots.push(robot(data.nextId++, 'neworg+bot0', now))
export const makePuller: Between = (data, now) => void data.robots.push(robot(data.nextId++, 'neworg+puller', now))
export const makeCacheOrganization: Between = (data, now) => {
  organization(data, 'cacheorg', now)
  const proxyCache = { upstreamRegistry: 'docker.io', username: 'u', password: 'p', expiration: 86_400, insecure: false }
  Object.assign(existingOrganization(data, 'orgrenamed1'), { proxyCache })
}
export const dropProxyCache: Between = (data) => void delete existingOrganization(data, 'cacheorg').proxyCache
export const makeFreshOrganization: Between = (data, now) => {
  organization(data, 'freshorg', now)
  repository(data, 'freshorg/r1', now)
}
export const fillTiti: Between = (data, now) => {
  for (let index = 0; index < 240; index++) repository(data, `titi/r${String(index).padStart(3, '0')}`, now)
}

function push(target: Repository, tag: string, text: string, now: number, children: string[] = []) {
  const configMediaType = children.length > 0 ? null : 'application/vnd.oci.image.config.v1+json'
  const image = { ...manifest(text, 50, now), children, configMediaType }
  if (!target.manifests.some(({ digest }) => digest === image.digest)) target.manifests.push(image)
  moveTag(target, tag, image.digest, now)
  return image.digest
}

export const pushNewtag: Between = (data, now) => void push(existing(data, 'devtable/simple'), 'newtag', 'newtag', now)
/** The old history was collected when these were recorded. */
export const forgetOldNewtags: Between = (data) => {
  const simple = existing(data, 'devtable/simple')
  simple.tags = simple.tags.filter(({ name }) => name !== 'newtag')
}

export const breakTheScanner: Between = (data) => {
  for (const one of existing(data, 'devtable/simple').manifests) one.scan = { status: 'broken' }
}

const index = 'sha256:a03283fd656eaa96a2d163647ac9084b6dbf5d9994132d1e381a7f9a7e28600c'
const image = 'sha256:afdeadd5da09e97c775990b4a183093f73c95c06da70786a30ae3f1a65395fe5'

export const makeOciRepository: Between = (data, now) => {
  const oci = repository(data, 'neworg/oci', now)
  push(oci, 'v1', 'oci image', now)
  push(oci, 'multi', 'oci index', now, [image])
  for (const one of oci.manifests) one.digest = one.children.length > 0 ? index : image
  for (const tag of oci.tags) tag.digest = tag.name === 'multi' ? index : image
  for (const tag of ['latest', 'v2']) moveTag(oci, tag, image, now)
}

export const startBuilding: Between = (data, now) => {
  const { builds } = existing(data, 'neworg/app')
  const datetime = '2026-11-23 07:30:00.000000'
  const [first] = builds
  if (first) Object.assign(first, { phase: 'building', phaseSince: now })
  first?.logs.push({ message: 'pulling', type: 'phase', data: { datetime } }, { message: 'Step 1/3', type: 'command', data: { datetime } })
  first?.logs.push({ message: ' ---> 0123456789ab\n' }, { message: 'something bad', type: 'error', data: { datetime } })
}

export const fillTheBuildQueue: Between = (data, now) => {
  data.buildQueueLimit = 1
  repository(data, 'orgtmp2/limited', now).builds.push(emptyBuild(now, 'waiting'))
}
export const freeTheBuildQueue: Between = (data) => void Object.assign(data, { buildQueueLimit: 100 })

export const makeMirrorRepositories: Between = (data, now) => {
  data.robots.push(robot(data.nextId++, 'neworg+mirrorbot', now))
  for (const name of ['mir', 'mirror1', 'mirror2', 'mirror3', 'mirror4']) repository(data, `neworg/${name}`, now)
  existing(data, 'neworg/mirror2').state = 'MIRROR'
}
export const dropMirrorUser: Between = (data) => void Object.assign(existing(data, 'neworg/mirror1').mirror ?? {}, { username: null })

export const failThreeTimes: Between = (data) => {
  const found = existing(data, 'neworg/app').notifications.find(({ event }) => event === 'build_queued')
  if (found) Object.assign(found, { uuid: 'c31f0e69-a1c4-49a9-9ef4-ea8c98e092cc', title: null, failures: 3 })
}

export const makeOrgtmp2Robot: Between = (data, now) => void data.robots.push(robot(data.nextId++, 'orgtmp2+mirrorbot', now))

export const useDirectory: Between = (data) => {
  data.authenticationType = 'LDAP'
  for (const user of data.users) if (user.name === 'alice') user.quotas = []
  existingOrganization(data, 'neworg').teams.push(team(data.nextId++, 'ldapteam', 'member', ['reader'], 'synced'))
}
export const useDatabase: Between = (data) => void Object.assign(data, { authenticationType: 'Database' })

const switched =
  `SUPER_USERS QUOTA_MANAGEMENT AGGREGATED_LOG_COUNT_RETRIEVAL LOG_EXPORT APP_SPECIFIC_TOKENS AUTO_PRUNE PROXY_CACHE TEAM_SYNCING
  REPO_MIRROR SECURITY_SCANNER CHANGE_TAG_EXPIRATION BUILD_SUPPORT ANONYMOUS_ACCESS`.split(/\s+/)
const setAll =
  (value: boolean): Between =>
  (data) => {
    for (const name of switched) data.features[name] = value
    data.superusersFullAccess = value
  }
export const switchFeaturesOff = setAll(false)
export const switchFeaturesOn = setAll(true)
export const makeReadOnly: Between = (data) => void Object.assign(data, { state: 'readonly' })
export const makeWritable: Between = (data) => void Object.assign(data, { state: 'normal' })
export const withoutFullAccess: Between = (data) => void Object.assign(data, { superusersFullAccess: false })
export const withFullAccess: Between = (data) => void Object.assign(data, { superusersFullAccess: true })
/** Recorded only as the log entry `take_ownership`; from then on devtable owned it. */
export const takeReadersOrganization: Between = (data, now) => {
  existingOrganization(data, 'readersorg').teams[0]?.members.push('devtable')
  data.logs.push(entry(now, { kind: 'org_create', namespace: 'readersorg' }))
}
export const withMailing: Between = (data) => void Object.assign(data.features, { MAILING: true })
export const withoutMailing: Between = (data) => void Object.assign(data.features, { MAILING: false })
export const inviteSomeone: Between = (data) => {
  const devs = existingOrganization(data, 'neworg').teams.find(({ name }) => name === 'devs')
  if (devs) devs.invited = ['someone@example.com']
}

export const pushImages: Between = (data, now) => {
  const app = existing(data, 'neworg/app')
  for (const tag of ['v1.0', 'v1.1', 'latest']) push(app, tag, `pushed ${tag}`, now)
  push(app, 'expiring', 'pushed expiring', now)
  for (const tag of app.tags) if (tag.name === 'expiring') tag.end = now + 14 * 86_400_000
  const digests: Record<string, string> = {
    'v1.0': 'sha256:f0f0020b683396be20ddcdbc99a41f6eb2879da20553563b0bef0cd508bcdc8b',
    latest: 'sha256:4680af31d9ed24783e1656a22976efbc63144d10370f3840733e31f617eb4d43',
  }
  for (const [tag, digest] of Object.entries(digests)) {
    for (const one of app.manifests) if (one.digest === digestOf(`pushed ${tag}`)) one.digest = digest
    for (const one of app.tags) if (one.digest === digestOf(`pushed ${tag}`)) one.digest = digest
  }
  const label = {
    id: 'a3a39398-1c0f-41b2-a09b-810c6c27a6d1',
    key: 'maintainer',
    value: 'me',
    source: 'manifest' as const,
    mediaType: 'text/plain',
  }
  app.manifests.find(({ digest }) => digest === digests.latest)?.labels.push(label)
}

/** Made by no call, so without an address. */
export const logsOfAFreshServer: Between = (data, now) => {
  data.logs = Array.from({ length: 12 }, () => entry(now, { ip: null }))
}

/** As many as there were: 552 in all, 219 of neworg, more than a page of neworg/app. */
export const logsOfTheDay: Between = (data, now) => {
  const about = (count: number, more: Partial<UsageLog>) => Array.from({ length: count }, () => entry(now, more))
  const ofApp = about(40, { kind: 'push_repo', namespace: 'neworg', repository: 'neworg/app' })
  // The oldest were made by no call and have no address.
  data.logs = [
    ...about(12, { namespace: 'titi', ip: null, at: now - 60_000 }),
    ...about(321, { namespace: 'titi' }),
    ...about(179, { namespace: 'neworg' }),
    ...ofApp,
  ]
}

export const deleteReader: Between = (data) => {
  data.users = data.users.filter(({ name }) => name !== 'reader')
}
