import { splitName } from './lookup.ts'
import type { Role } from './repository-parts.ts'
import type { Build, Manifest, Phase, Repository, Trigger } from './repository-state.ts'
import { vulnerableFeatures } from './scans.ts'
import { digestOf, emptyRepository, manifest, uuidOf } from './seed-parts.ts'

const hour = 3600 * 1000
const day = 24 * hour
const megabyte = 1_000_000

/** Megabytes and age in days; `sameAs` points at the image of an earlier tag. */
interface SeededTag {
  name: string
  size: number
  age: number
  sameAs?: string
}
interface SeededRepository {
  full: string
  description: string
  /** In days. */
  age: number
  visibility?: 'public' | 'private'
  users?: Record<string, Role>
  teams?: Record<string, Role>
  tags: SeededTag[]
  pulls?: number
  /** Hours ago. */
  lastPull?: number
}

const tag = (name: string, size: number, age: number, sameAs?: string): SeededTag => ({ name, size, age, ...(sameAs && { sameAs }) })

// acme/web is missing on purpose: it is what people create first.
const seeds: SeededRepository[] = [
  {
    full: 'acme/api',
    description: 'The API of the shop',
    age: 180,
    users: { 'acme+ci': 'write', 'acme+deploy': 'read' },
    teams: { developers: 'write' },
    tags: [tag('v1.0', 84, 40), tag('v1.1', 86, 6), tag('latest', 86, 6, 'v1.1')],
    pulls: 412,
    lastPull: 2,
  },
  {
    full: 'acme/shop',
    description: 'The web shop',
    age: 170,
    visibility: 'public',
    teams: { frontend: 'write' },
    tags: [tag('v2.3', 140, 20), tag('v2.4', 141, 3), tag('latest', 141, 3, 'v2.4')],
    pulls: 1309,
    lastPull: 1,
  },
  { full: 'acme/base', description: 'Base image of everything', age: 180, users: { 'acme+ci': 'write' }, tags: [tag('ubi9', 212, 30)] },
  {
    full: 'acme/legacy',
    description: 'Nobody remembers',
    age: 200,
    tags: Array.from({ length: 12 }, (_, index) => tag(`2024.${index + 1}`, 900 + index, 190 - index)),
    pulls: 7,
    lastPull: 163 * 24,
  },
  { full: 'globex/site', description: 'globex.example', age: 100, visibility: 'public', tags: [tag('latest', 60, 2)] },
  { full: 'globex/secret', description: '', age: 100, tags: [tag('latest', 75, 9)] },
]

export function seededRepositories(now: number): Repository[] {
  const repositories = seeds.map((seed, index) => seeded(seed, 40 + index, now))
  const [api] = repositories
  if (!api) return repositories
  scanned(api)
  api.builds = [
    build(api, now - 6 * day, 'complete', 'v1.1'),
    build(api, now - 5 * hour, 'error', 'latest'),
    build(api, now - 3 * hour, 'complete', 'latest'),
  ]
  api.triggers = [{ ...trigger }]
  return repositories
}

const source = 'https://git.example.com/acme/api.git'
const trigger: Trigger = {
  id: uuidOf('trigger of acme/api'),
  service: 'custom-git',
  enabled: true,
  active: true,
  config: { build_source: source, context: '/', dockerfile_path: '/Dockerfile' },
  buildSource: source,
  repositoryUrl: null,
  pullRobot: null,
  disabledReason: null,
}

function seeded(
  { full, description, age, visibility = 'private', users = {}, teams = {}, tags, pulls = 0, lastPull }: SeededRepository,
  id: number,
  now: number,
) {
  const { namespace, name } = splitName(full)
  const repository = emptyRepository({ id, namespace, name, created: now - age * day, visibility, description, users: { ...users } })
  Object.assign(repository, { teamPermissions: { ...teams }, pulls, lastPull: lastPull === undefined ? null : now - lastPull * hour })
  for (const one of tags) push(repository, one, now - one.age * day)
  return repository
}

function push(repository: Repository, { name, size, sameAs }: SeededTag, start: number) {
  const text = (tagName: string) => `${repository.namespace}/${repository.name}:${tagName}`
  if (!sameAs) repository.manifests.push(manifest(text(name), size * megabyte, start))
  repository.tags.push({ name, digest: digestOf(text(sameAs ?? name)), start, end: null, reversion: false, immutable: false })
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
