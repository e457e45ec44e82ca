import type { Build, Manifest, Phase, Repository } from './repository-state.ts'
import { vulnerableFeatures } from './scans.ts'
import { digestOf, emptyRepository, manifest, uuidOf } from './seed-parts.ts'

const hour = 3600 * 1000
const day = 24 * hour
const megabyte = 1_000_000

export function seededRepositories(now: number): Repository[] {
  const [api, shop, base, legacy, site, secret] = [
    emptyRepository({
      id: 40,
      namespace: 'acme',
      name: 'api',
      created: now - 180 * day,
      description: 'The API of the shop',
      users: { 'acme+ci': 'write', 'acme+deploy': 'read' },
    }),
    emptyRepository({
      id: 41,
      namespace: 'acme',
      name: 'shop',
      created: now - 170 * day,
      visibility: 'public',
      description: 'The web shop',
    }),
    emptyRepository({
      id: 42,
      namespace: 'acme',
      name: 'base',
      created: now - 180 * day,
      description: 'Base image of everything',
      users: { 'acme+ci': 'write' },
    }),
    emptyRepository({ id: 43, namespace: 'acme', name: 'legacy', created: now - 190 * day, description: 'Nobody remembers' }),
    emptyRepository({
      id: 44,
      namespace: 'globex',
      name: 'site',
      created: now - 100 * day,
      visibility: 'public',
      description: 'globex.example',
    }),
    emptyRepository({ id: 45, namespace: 'globex', name: 'secret', created: now - 100 * day }),
  ] as const
  api.teamPermissions = { developers: 'write' }
  shop.teamPermissions = { frontend: 'write' }
  tagged(api, now, [
    ['v1.0', 84, 40 * day],
    ['v1.1', 86, 6 * day],
    ['latest', 86, 6 * day, 'v1.1'],
  ])
  tagged(shop, now, [
    ['v2.3', 140, 20 * day],
    ['v2.4', 141, 3 * day],
    ['latest', 141, 3 * day, 'v2.4'],
  ])
  tagged(base, now, [['ubi9', 212, 30 * day]])
  tagged(
    legacy,
    now,
    Array.from({ length: 12 }, (_, index) => [`2024.${index + 1}`, 900 + index, (190 - index) * day] as const),
  )
  tagged(site, now, [['latest', 60, 2 * day]])
  tagged(secret, now, [['latest', 75, 9 * day]])
  scanned(api)
  api.builds = [
    build(api, now - 6 * day, 'complete', 'v1.1'),
    build(api, now - 5 * hour, 'error', 'latest'),
    build(api, now - 3 * hour, 'complete', 'latest'),
  ]
  Object.assign(api, { pulls: 412, lastPull: now - 2 * hour })
  Object.assign(shop, { pulls: 1309, lastPull: now - hour })
  Object.assign(legacy, { pulls: 7, lastPull: now - 163 * day })
  return [api, shop, base, legacy, site, secret]
}

type Seeded = readonly [name: string, megabytes: number, age: number, sameAs?: string]

function tagged(repository: Repository, now: number, tags: readonly Seeded[]) {
  const text = (name: string) => `${repository.namespace}/${repository.name}:${name}`
  for (const [name, megabytes, age, sameAs] of tags) {
    const digest = digestOf(text(sameAs ?? name))
    if (!sameAs) repository.manifests.push(manifest(text(name), megabytes * megabyte, now - age))
    repository.tags.push({ name, digest, start: now - age, end: null, reversion: false, immutable: false })
  }
}

function scanned(repository: Repository) {
  const newest: Manifest | undefined = repository.manifests.at(-1)
  if (newest) newest.scan = { status: 'scanned', features: vulnerableFeatures }
}

function build(repository: Repository, started: number, phase: Phase, tag: string): Build {
  const failed = phase === 'error'
  return {
    uuid: uuidOf(`build of ${repository.name} ${tag} ${phase}`),
    phase,
    phaseSince: started + 90_000,
    started,
    displayName: digestOf(`${tag}${phase}`).slice(7, 14),
    tags: [tag],
    dockerfilePath: '/Dockerfile',
    context: '/',
    manualUser: 'ivan',
    pullRobot: null,
    trigger: null,
    triggerMetadata: {},
    archiveUrl: 'https://downloads.example.com/acme-api.tar.gz',
    fileId: null,
    error: null,
    logs: [
      { message: 'pulling', type: 'phase' },
      { message: 'building', type: 'phase' },
      { message: 'Step 1/3 : FROM registry.access.redhat.com/ubi9/ubi', type: 'command' },
      { message: ' ---> 0123456789ab\n' },
      { message: 'Step 2/3 : RUN make test', type: 'command' },
      failed
        ? { message: "The command '/bin/sh -c make test' returned a non-zero code: 2", type: 'error' }
        : { message: ' ---> ba9876543210\n' },
    ],
  }
}
