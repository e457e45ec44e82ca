import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { allScopes } from '../../../src/sandbox/quay/api.ts'
import { findNamespace } from '../../../src/sandbox/quay/lookup.ts'
import { recordedData } from './recorded-fixture.ts'
import { scenario } from './scenario.ts'
import { type Answered, type Served, serveQuay } from './serve.ts'
import { differences, shapeOf } from './shape.ts'
import { translation } from './translation.ts'

interface Recorded {
  name: string
  request: {
    method: string
    path: string
    query: Record<string, string | number>
    body: unknown
    auth: string | null
    headers?: Record<string, string>
  }
  response: { status: number; headers: Record<string, string>; body: unknown; rawBody?: string }
}

const file = readFileSync('test/recorded/quay/exchanges.jsonl', 'utf8')
const recordings = new Map(
  file
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Recorded)
    .map((recorded) => [recorded.name, recorded]),
)

/** Exchanges that the simulator cannot honestly answer, each with the reason. */
const leftOut: Record<string, string> = {
  'user-assignedauthorization': 'nobody assigns authorizations in the simulator: its list is always empty',
  'mirror-create-unresolvable-quayio': 'the recorder had no DNS at that moment, so that even quay.io did not resolve',
}

/** Parts of answers whose keys are data or that the recorder shortened. */
const free: [name: RegExp, path: RegExp][] = [
  [/logs/, /^\.logs\[\]\.metadata$/],
  [/logs/, /^\.logs\[\]\.performer$/],
  [/^su-config$/, /^\.(config|warning|env|schema)$/],
]

let served: Served
const written: Entry[] = []
const tokens = new Map<string, string>()
const { learn, say } = translation((text) => file.includes(text))

beforeAll(async () => {
  served = await serveQuay(Date.parse('2026-11-23T07:40:00Z'))
  const { quay, clock } = served
  Object.assign(quay.registry, recordedData(clock.now))
  const make = (name: string, account: string, scopes: string[]) => tokens.set(`Bearer <${name}>`, quay.tokenWith(account, scopes))
  make('super', 'devtable', allScopes)
  make('user', 'reader', allScopes)
  make('fresh', 'freshuser', allScopes)
  make('disabled', 'disabled', allScopes)
  make('globalreadonly', 'globalreadonlysuperuser', allScopes)
  make('readonly_scope', 'devtable', ['repo:read'])
  make(
    'super_nosuperscope',
    'devtable',
    allScopes.filter((scope) => scope !== 'super:user'),
  )
  for (const scope of ['org:admin', 'repo:read', 'super:user', 'user:read']) make(`sc_super:${scope}`, 'devtable', [scope])
  make('expired', 'devtable', allScopes)
  const expired = quay.registry.tokens.at(-1)
  if (expired) expired.expires = clock.now - 1
  tokens.set('bearer superDEVTABLEallscopestoken00000000000001', tokens.get('Bearer <super>') ?? '')
})
afterAll(() => served.stop())

function authorization(auth: string | null): Record<string, string> {
  if (auth === null) return {}
  const token = tokens.get(auth)
  return { authorization: token === undefined ? auth : `${auth.split(' ')[0]} ${token}` }
}

/** The id of a namespace's quota depends on what was made before; there is one per namespace. */
function withQuotaIds(path: string) {
  return path.replace(/(organization|users)\/([^/]+)\/quota\/(\d+)/, (all, kind: string, name: string, id: string) => {
    const [quota] = findNamespace(served.quay.registry, name)?.quotas ?? []
    return quota && id !== '99999' ? `${kind}/${name}/quota/${quota.id}` : all
  })
}

function replay({ request }: Recorded): Promise<Answered> {
  const { method, path, query, body, auth, headers } = request
  const search = new URLSearchParams(Object.fromEntries(Object.entries(query).map(([key, value]) => [key, say(String(value))]))).toString()
  const address = withQuotaIds(say(path)) + (search && `${path.includes('?') ? '&' : '?'}${search}`)
  const text = typeof body === 'string' ? body : body === null ? undefined : say(JSON.stringify(body))
  return served.call(method, address, { headers: { ...authorization(auth), ...headers }, ...(text !== undefined && { text }) })
}

/** What an error says, its first line: the rest is the schema, which we keep without its descriptions. */
function words(body: unknown) {
  const told = typeof body === 'string' && body.startsWith('{') ? (JSON.parse(body) as unknown) : body // JSON that calls itself HTML
  if (typeof told !== 'object' || told === null) return ''
  const { detail, message, error } = told as Record<string, unknown>
  const said = detail ?? message ?? error
  return say(typeof said === 'string' ? (said.split('\n')[0] ?? '') : JSON.stringify(said))
}

function flaws({ name, request, response }: Recorded, { status, body, text, headers }: Answered) {
  if (status !== response.status) return [`${name}: ${status} instead of ${response.status} ${text.slice(0, 200)}`]
  const type = (value: string | null | undefined) => value?.split(';')[0]
  if (type(headers.get('content-type')) !== type(response.headers['content-type']))
    return [`${name}: content type ${headers.get('content-type')}`]
  if (Boolean(headers.get('location')) !== Boolean(response.headers.location)) return [`${name}: location ${headers.get('location')}`]
  if (status >= 400 && words(body) !== words(response.body)) return [`${name} says ${words(body)} instead of ${words(response.body)}`]
  // An empty answer was recorded as null; of an HTML page the text is not compared.
  if (request.method === 'HEAD' || response.rawBody === '' || type(response.headers['content-type']) === 'text/html') return []
  const isFree = (path: string) => free.some(([names, paths]) => names.test(name) && paths.test(path))
  return differences(shapeOf(response.body), shapeOf(body), '', isFree).map((difference) => `${name}: ${difference}`)
}

test('the recorded exchanges of a real Quay, replayed in order, get the recorded status and an answer of the same shape', async () => {
  const wrong: string[] = []
  let replayed = 0
  for (const step of scenario) {
    if (typeof step === 'function') {
      step(served.quay.registry, served.clock.now)
      continue
    }
    for (const name of step.trim().split(/\s+/)) {
      const recorded = recordings.get(name)
      if (!recorded) throw new Error(`${name} was not recorded`)
      const before = served.quay.registry.logs.length
      const answered = await replay(recorded)
      written.push(...served.quay.registry.logs.slice(before))
      wrong.push(...flaws(recorded, answered))
      learn(recorded.response.body, answered.body)
      replayed++
    }
  }
  expect(wrong).toEqual([])
  expect(replayed).toBe(recordings.size - Object.keys(leftOut).length)
})

test('every usage-log entry that a replayed call wrote says what Quay writes for it', () => {
  const recorded = new Map<string, Set<string>>()
  for (const { name, response } of recordings.values()) {
    if (!/logs/.test(name)) continue
    const { logs = [] } = (response.body ?? {}) as { logs?: Entry[] }
    for (const entry of logs) if (entry.kind) recorded.set(entry.kind, (recorded.get(entry.kind) ?? new Set()).add(keysOf(entry)))
  }
  const wrong = written.flatMap((entry) => {
    const known = recorded.get(entry.kind)
    return known && !known.has(keysOf(entry)) ? [`${entry.kind}: ${keysOf(entry)} instead of ${[...known].join(' or ')}`] : []
  })
  expect([...new Set(wrong)]).toEqual([])
  expect(new Set(written.map(({ kind }) => kind)).size).toBeGreaterThan(70)
})

interface Entry {
  kind: string
  metadata: Record<string, unknown>
}
// What a client's name and address are worth to Quay is not told apart here.
const keysOf = ({ metadata }: Entry) =>
  Object.keys(metadata)
    .filter((key) => key !== 'user-agent')
    .sort()
    .join(' ')

test('nothing that was recorded drops out silently', () => {
  const named = new Set([
    ...scenario.flatMap((step) => (typeof step === 'string' ? step.trim().split(/\s+/) : [])),
    ...Object.keys(leftOut),
  ])
  expect([...recordings.keys()].filter((name) => !named.has(name))).toEqual([])
})
