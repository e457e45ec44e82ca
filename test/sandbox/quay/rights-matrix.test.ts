import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { allScopes } from '../../../src/sandbox/quay/api.ts'
import { findOrganization, findRepository } from '../../../src/sandbox/quay/lookup.ts'
import type { Mirror, Repository } from '../../../src/sandbox/quay/repository-state.ts'
import { digestOf, uuidOf } from '../../../src/sandbox/quay/seed-parts.ts'
import { isCi, sampled } from '../../sized.ts'
import { told, unlike } from './observed.ts'
import { accounts, type Data, matrixData } from './rights-fixture.ts'
import { type Served, serveQuay } from './serve.ts'

interface MatrixCall {
  name: string
  method: string
  path: string
  body?: unknown
  note?: string
  status: Record<string, number>
  observed?: Record<string, string>
}
const matrix = JSON.parse(readFileSync('test/recorded/quay/rights-matrix.json', 'utf8')) as {
  features: Record<string, unknown>
  kinds: string[]
  calls: MatrixCall[]
}

let served: Served
let pristine: Data
const tokens: Record<string, string> = {}

beforeAll(async () => {
  served = await serveQuay()
  const features = Object.entries(matrix.features).flatMap(([name, value]) =>
    typeof value === 'boolean' ? [[name.replace('FEATURE_', ''), value]] : [],
  )
  pristine = matrixData(served.clock.now, Object.fromEntries(features))
  Object.assign(served.quay.registry, structuredClone(pristine))
  for (const [kind, account] of Object.entries(accounts)) tokens[kind] = served.quay.tokenWith(account, allScopes)
  pristine.tokens = structuredClone(served.quay.registry.tokens)
})
afterAll(() => served.stop())

const placeholders: Record<string, string> = {
  digest: digestOf('matrix v1'),
  build: uuidOf('private build'),
  pubbuild: uuidOf('public build'),
  notification: uuidOf('notification'),
  trigger: uuidOf('trigger'),
  label: uuidOf('label'),
  prototype: uuidOf('prototype'),
  client: 'MATRIXCLIENT00000001',
  quota: '900',
  rpolicy: uuidOf('repository policy'),
  opolicy: uuidOf('organization policy'),
  message: uuidOf('one'),
}

/** What the notes of the matrix say was done before. */
const preparations: [note: string, prepare: (matrixPrivate: Repository, target: string) => void][] = [
  ['made immutable before', (repository) => changeTags(repository, { immutable: true })],
  ['was deleted before', (repository) => changeTags(repository, { end: served.clock.now })],
  ['a mirror configuration was made', (repository) => Object.assign(repository, { mirror: mirror(), state: 'MIRROR' })],
  ['sync-now sent before', (repository) => Object.assign(repository.mirror ?? {}, { status: 'SYNC_NOW' })],
  ['a policy was made before', (repository) => addPolicies(repository)],
  [
    'a quota was made before',
    () => findOrganization(served.quay.registry, 'matrix')?.quotas.push({ id: 900, limitBytes: 1000, limits: [] }),
  ],
  ['repositories of matrix deleted', () => dropRepositories()],
  ['a proxy cache made before', () => Object.assign(findOrganization(served.quay.registry, 'matrix') ?? {}, { proxyCache: proxyCache })],
]
const proxyCache = { upstreamRegistry: 'quay.io', username: null, password: null, expiration: 86_400, insecure: false }

function mirror(): Mirror {
  const credentials = { username: null, password: null, config: {}, robot: 'matrix+bot' }
  const times = {
    syncStart: served.clock.now + 86_400_000,
    startWithMicroseconds: false,
    syncInterval: 86_400,
    syncExpiration: null,
    statusSince: served.clock.now,
  }
  const rest = { rule: ['latest'], skopeoTimeout: 300, architectures: [], retriesRemaining: 3, status: 'NEVER_RUN' as const }
  return { enabled: true, externalReference: 'quay.io/projectquay/quay', ...credentials, ...times, ...rest }
}

function changeTags({ tags }: Repository, change: Partial<Repository['tags'][number]>) {
  for (const tag of tags) Object.assign(tag, change)
}

function addPolicies(repository: Repository) {
  const policy = { method: 'number_of_tags', value: 5, tagPattern: null, tagPatternMatches: true }
  repository.prunePolicies.push({ uuid: uuidOf('repository policy'), ...policy })
  findOrganization(served.quay.registry, 'matrix')?.prunePolicies.push({ uuid: uuidOf('organization policy'), ...policy })
}

function dropRepositories() {
  const { registry } = served.quay
  registry.repositories = registry.repositories.filter(({ namespace }) => namespace !== 'matrix')
}

function filled(text: string, kind: string) {
  const self = accounts[kind] ?? 'unone'
  return text.replace(/\{(\w+)\}/g, (_, name: string) => (name === 'self' ? self : (placeholders[name] ?? `{${name}}`)))
}

async function statusOf(call: MatrixCall, kind: string) {
  const { registry } = served.quay
  Object.assign(registry, structuredClone(pristine), { superusersFullAccess: kind !== 'superuser_no_full_access' })
  const target = findRepository(registry, 'matrix/private')
  for (const [note, prepare] of preparations) if (target && call.note?.includes(note)) prepare(target, call.name)
  const body = call.body === undefined ? undefined : (JSON.parse(filled(JSON.stringify(call.body), kind)) as unknown)
  return served.call(call.method, filled(call.path, kind), { token: tokens[kind], body })
}

test('every account gets from the simulator what a real Quay answered it, in all cells of the rights matrix that are tried', async () => {
  const wrong: string[] = []
  const seen = { cells: 0, contents: 0 }
  for (const [nth, call] of matrix.calls.entries()) {
    for (const kind of sampled(matrix.kinds, 12, nth)) {
      const { status, text, body } = await statusOf(call, kind)
      seen.cells++
      if (status !== call.status[kind])
        wrong.push(`${call.name} as ${kind}: ${status} instead of ${call.status[kind]} ${text.slice(0, 160)}`)
      // Not only whether, but what: repositories in a list, tokens and secrets shown or not, flags.
      const observed = call.observed?.[kind]
      if (observed === undefined || unlike.test(call.name) || isOfTheRecordedServer(call, kind)) continue
      seen.contents++
      const answer = told(call.name, body)
      if (answer !== observed) wrong.push(`${call.name} as ${kind} shows ${answer} instead of ${observed}`)
    }
  }
  expect(wrong).toEqual([])
  if (isCi) expect(seen).toEqual({ cells: 3615, contents: 457 })
  else expect(seen.cells).toBeGreaterThan(300)
})

/** devtable owned six organisations and two robots there; and why `spare` did not find matrix/sparerepo there is not known. */
function isOfTheRecordedServer({ name }: MatrixCall, kind: string) {
  if (kind === 'org_admin') return name === 'user.find.all.spare'
  return kind.startsWith('superuser') && (name === 'user.get' || name === 'user.robots.list')
}
