import type { SimulatedQuay } from '../../src/sandbox/quay/api.ts'
import { emptyBuild } from '../../src/sandbox/quay/builds.ts'
import type { Registry } from '../../src/sandbox/quay/registry.ts'
import { emptyOrganization, emptyRepository, emptyUser, team, uuidOf } from '../../src/sandbox/quay/seed-parts.ts'

const day = 24 * 3_600_000

/** Adds to the sandbox's registry one of everything that a command can be about. Returns what puts it back. */
export function furnish({ registry }: SimulatedQuay) {
  const now = Date.now()
  // Groups to synchronise with, and accounts that Quay keeps itself: no registry has both, and no command wants both.
  registry.ldapGroups = ['cn=developers,ou=groups']
  registry.messages.push({ uuid: uuidOf('message'), content: 'We move on Sunday', severity: 'info', mediaType: 'text/plain' })
  registry.serviceKeys.push({
    ...{ kid: 'k1', service: 'scanner', name: 'scanner', metadata: {}, jwk: {} },
    ...{ created: now, expires: null, rotation: null, approval: null },
  })
  registry.users.push({ ...emptyUser(900, 'asleep', 'asleep@example.com', now), enabled: false })
  organizations(registry, now)
  repository(registry, now)
  mirrors(registry, now)
  const { tokens: _, announce: __, pushTag: ___, ...data } = registry
  const pristine = structuredClone(data)
  return () => void Object.assign(registry, structuredClone(pristine))
}

function organizations({ organizations: all }: Registry, now: number) {
  const acme = all.find(({ name }) => name === 'acme')
  if (!acme) throw new TypeError('the sandbox has an acme')
  const synced = { ...team(910, 'synced', 'member', ['ivan']), sync: { service: 'ldap', config: { group_dn: 'cn=ops' }, lastUpdated: now } }
  acme.teams.push(synced)
  acme.prototypes.push({ id: uuidOf('default'), role: 'read', activatingUser: null, delegate: { kind: 'team', name: 'developers' } })
  acme.quotas.push({ id: 911, limitBytes: 10 * 1024 ** 3, limits: [] })
  const caches = ['cached', 'empty'].map((name, index) => emptyOrganization(920 + index, name, `${name}@example.com`, now))
  for (const one of caches) one.teams = [team(930 + one.id, 'owners', 'admin', ['bea'])]
  const proxyCache = { upstreamRegistry: 'docker.io', username: null, password: null, expiration: 86_400, insecure: false }
  all.push({ ...structuredClone(caches[0] ?? acme), proxyCache }, caches[1] ?? acme)
}

function repository({ repositories }: Registry, now: number) {
  const api = repositories.find(({ namespace, name }) => `${namespace}/${name}` === 'acme/api')
  const [trigger] = api?.triggers ?? []
  const [tag] = api?.tags ?? []
  if (!api || !trigger || !tag) throw new TypeError('the sandbox has an acme/api with a trigger and tags')
  api.triggers.push({ ...trigger, id: uuidOf('off trigger'), enabled: false })
  api.tags.push({ ...tag, name: 'gone', end: now - 1000 }, { ...tag, name: 'locked', immutable: true })
  for (const image of api.manifests) image.scan = image.scan.status === 'scanned' ? image.scan : { status: 'scanned', features: [] }
  // Its time is to come, so that it waits for as long as the tests go on.
  api.builds.push({ ...emptyBuild(now, 'waiting'), uuid: uuidOf('waiting'), phaseSince: now + day })
  const config = { url: 'https://hooks.example.com/old' }
  api.notifications.push({
    ...{ uuid: uuidOf('notification'), title: 't', event: 'repo_push', method: 'webhook' },
    ...{ config, eventConfig: {}, failures: 3 },
  })
  api.authorizedEmails.push({ email: 'bea@example.com', confirmed: true })
  api.prunePolicies.push({ uuid: uuidOf('prune'), method: 'number_of_tags', value: 2 })
  api.immutabilityPolicies.push({ uuid: uuidOf('immutability'), tagPattern: '^v1', tagPatternMatches: true })
}

function mirrors({ repositories }: Registry, now: number) {
  const times = { syncStart: now + day, startWithMicroseconds: false, syncInterval: 86_400, syncExpiration: null }
  const mirror = { enabled: true, externalReference: 'quay.io/projectquay/quay', username: null, password: null, config: {} }
  const rest = { robot: 'acme+ci', rule: ['latest'], skopeoTimeout: 300, architectures: [], retriesRemaining: 3 }
  for (const [index, name] of ['mirrored', 'syncing'].entries()) {
    const status = name === 'syncing' ? ('SYNCING' as const) : ('SUCCESS' as const)
    const empty = emptyRepository({ id: 940 + index, namespace: 'acme', name, created: now })
    repositories.push({ ...empty, state: 'MIRROR', mirror: { ...mirror, ...times, ...rest, status, statusSince: now + day } })
  }
}
