import { readdirSync } from 'node:fs'
import { inspect } from 'node:util'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { Failure } from '../../src/core/failure.ts'
import { dryRun } from '../../src/quay/http.ts'
import { sampled } from '../sized.ts'
import { everyCall, sent } from './every-call.ts'
import { type Recording, recordings, swagger, templateOf, textOf } from './recordings.ts'
import { type Request, startServer, token } from './start-server.ts'

const calls = Object.entries(everyCall)

/** The good answers that were recorded of each call of Quay's; what was never recorded is as its source says. */
const good = new Map<string, Recording[]>()
for (const recording of recordings) {
  const { method, path } = recording.request
  const key = `${method} ${templateOf(path)}`
  if (recording.response.status < 300) good.set(key, [...(good.get(key) ?? []), recording])
}

const role = { role: 'read', id: 'p1', activating_user: null, delegate: { kind: 'user', name: 'bea', is_robot: false } }
const unrecorded: Record<string, unknown> = {
  'GET /api/v1/organization/{orgname}/prototypes': { prototypes: [role] },
  'GET /api/v1/repository/{repository}/immutabilitypolicy/': { policies: [] },
  'POST /api/v1/repository/{repository}/immutabilitypolicy/': { uuid: 'p1' },
  'POST /api/v1/repository/{repository}/trigger/{trigger_uuid}/start': good.get('POST /api/v1/repository/{repository}/build/')?.[0]
    ?.response.body,
}

function keyOf({ method, path }: Request) {
  return `${method} ${templateOf(path)}`
}

/** Answers what was recorded first, but for `instead`. */
function recorded(instead?: { key: string; answer: Recording }) {
  return (request: Request) => {
    const key = keyOf(request)
    const answer = instead?.key === key ? instead.answer : good.get(key)?.find((one) => textOf(one).trim() !== 'null')
    return answer ? { status: answer.response.status, body: textOf(answer) } : { body: unrecorded[key] ?? {} }
  }
}

test('every function of the service layer is among these', async () => {
  const files = readdirSync(new URL('../../src/quay/', import.meta.url))
  const modules = await Promise.all(files.map((file) => import(new URL(`../../src/quay/${file}`, import.meta.url).href)))
  const asks = modules
    .flatMap((module) => Object.values(module))
    .filter((value) => typeof value === 'function' && /^(?:async )?function \w+\(quay\s*,/.test(String(value)))
  const names = asks.map((value) => (value as { name: string }).name) // functions, as the line above says
  const own = [
    'call',
    'withPriority',
    'quayHealth',
    'find',
    'download',
    'dryRun',
    'closeQuay',
    'learn',
    'relearn',
    'buildOf',
    'pageOf',
    'answerOf',
  ]

  // Made of the calls of others, and tried by the operations that use them.
  const composed = [
    'listAdmins',
    'findMembership',
    'hidden',
    'syncForAdmins',
    'takeOwnership',
    'joinOwnTeam',
    'leaveOwners',
    'blindSpot',
    'refusalHere',
    'findMirrorLoss',
    'keepAnAdmin',
    'listOnlyAdministered',
    'storePrunePolicy',
    'readBack',
    'ensureImmutability',
    'findBuildOrNewest',
    'listNewestTags',
    'findQuotaOf',
    'setQuotaLimit',
    'scanTag',
    'findDefaultPermission',
    'giveDefaultPermissions',
    'leaveRepository',
    'leaveOrganization',
    'sightOf',
    'refuseOwnRobot',
    'readSetUp',
    'teamsOf',
  ]
  // What is found, or a Failure.
  const isRead = /^read(?:Repository|User|Robot|Organization|Notification|Build|Mirror|Tag|Trigger|ActiveTrigger|Team|Changeable)$/
  const known = [...own, ...composed, 'resetPassword']

  expect(names.length).toBeGreaterThan(80)
  expect(names.filter((name) => !known.includes(name) && !isRead.test(name) && !(name in everyCall))).toEqual([])
})

test.each(calls)('%s sends what the API document allows', async (_, ask) => {
  const { quay, requests } = await startServer(recorded())

  await ask(quay)

  expect(requests.length).toBeGreaterThan(0)
  for (const request of requests) expect(problemsOf(request)).toEqual([])
  // Everything below /user/ acts on the bot's own account.
  expect(requests.filter(({ path }) => path.startsWith('/api/v1/user'))).toEqual([])
  expect(requests.filter(({ path, query }) => path.endsWith('/robots') && query.get('token') !== 'false')).toEqual([])
})

const ajv = new Ajv({ strict: false })

// Recorded, though the document does not name it: build-logs-start2.
const alsoTaken: Record<string, string[]> = { '/api/v1/repository/{repository}/build/{build_uuid}/logs': ['start'] }

function problemsOf(request: Request) {
  const template = templateOf(request.path) ?? ''
  const parameters = swagger.paths[template]?.[request.method.toLowerCase()]?.parameters
  if (!parameters) return [`${request.method} ${request.path} is not in the document`]
  const queries = [...request.query].filter(([name, value]) => {
    const declared = parameters.find((parameter) => parameter.in === 'query' && parameter.name === name)
    if (!declared) return !alsoTaken[template]?.includes(name)
    return (declared.type === 'integer' && !/^\d+$/.test(value)) || (declared.type === 'boolean' && !/^(?:true|false)$/.test(value))
  })
  const schema = parameters
    .find((parameter) => parameter.in === 'body')
    ?.schema?.$ref.split('/')
    .at(-1)
  if (schema === undefined) return queries
  const { id: _, ...definition } = swagger.definitions[schema] as { id?: string } // some have one, which is no JSON Schema
  const validate = ajv.compile(definition)
  return validate(JSON.parse(request.body)) ? queries : [...queries, validate.errors]
}

test.each(sampled(calls, 4))('%s reads everything that Quay was recorded to answer, and shows no credential of it', async (_, ask) => {
  const first = await startServer(recorded())
  await ask(first.quay)
  const keys = [...new Set(first.requests.map(keyOf))]

  for (const key of keys) {
    for (const answer of good.get(key) ?? []) {
      const { quay } = await startServer(recorded({ key, answer }))
      const result = await ask(quay).catch((error: unknown) => error)
      // `null` is Quay's word for "there is no such thing".
      if (textOf(answer).trim() === 'null') expect(result).toMatchObject({ code: 'not_found' })
      // A list that never changes looks like one that began anew.
      else if (result instanceof Failure)
        expect(result.message).toMatch(/^(Quay could not list everything\. Try again\.$|Quaymaster can’t see who has which role)/)
      else expect(result, answer.name).not.toBeInstanceOf(Error)
      const shown = JSON.stringify(result) + inspect(result, { depth: 9, showHidden: true })
      for (const secret of secretsIn(answer.response.body)) expect(shown, answer.name).not.toContain(secret)
    }
  }
})

// Fields that hold a credential; `token_code` is one for pulling, `status_token` one for a build's badge.
const secretName =
  /^(?:token|password|encrypted_password|write_token|status_token|client_secret|secret|private_key|logs_url|token_code|code)$/

/** The credentials in an answer of Quay's: the values of such fields, and the addresses of notifications. */
function secretsIn(value: unknown, name = '', parent = ''): string[] {
  if (typeof value === 'string') return value && (secretName.test(name) || (name === 'url' && parent === 'config')) ? [value] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, one]) => secretsIn(one, key, Array.isArray(value) ? parent : name))
}

test('where credentials stand in what Quay answers to these calls', async () => {
  const found = new Set<string>()
  for (const [, ask] of calls) {
    const { quay, requests } = await startServer(recorded())
    await ask(quay)
    for (const key of new Set(requests.map(keyOf))) {
      for (const answer of good.get(key) ?? []) for (const path of pathsIn(answer.response.body)) found.add(`${key} ${path}`)
    }
  }
  expect([...found].sort()).toMatchSnapshot()
})

test('where credentials stand in what Quay takes', () => {
  const fields = Object.entries(swagger.definitions).flatMap(([name, schema]) => propertiesOf(schema, name))
  expect(fields.filter((field) => /password|token|secret|url|code|key/i.test(field.split('.').at(-1) ?? ''))).toMatchSnapshot()
})

function propertiesOf(schema: unknown, path: string): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const properties = 'properties' in schema && typeof schema.properties === 'object' ? Object.entries(schema.properties ?? {}) : []
  return properties.flatMap(([name, one]) => [`${path}.${name}`, ...propertiesOf(one, `${path}.${name}`)])
}

function pathsIn(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, one]) => {
    const here = Array.isArray(value) ? `${path}[]` : `${path}.${key}`
    const parent = path.split(/[.[]/).at(-1) ?? ''
    return secretsIn(one, Array.isArray(value) ? '' : key, parent).length > 0 && typeof one === 'string' ? [here] : pathsIn(one, here)
  })
}

test.each(sampled(calls, 4, 1))('a dry run of %s changes nothing, and says what it would send without its credentials', async (_, ask) => {
  const { quay, requests } = await startServer(recorded())
  const dry = dryRun(quay)

  await ask(dry)

  expect(requests.filter(({ method }) => method !== 'GET')).toEqual([])
  const shown = JSON.stringify(dry.dryRunCalls) + inspect(dry, { depth: 9 })
  expect(shown).not.toContain(sent)
  expect(shown).not.toContain(token)
})

test.each(sampled(calls, 4, 2))('what %s sends is what a dry run of it says', async (_, ask) => {
  const { quay, requests } = await startServer(recorded())
  const dry = dryRun(quay)
  await ask(dry)
  const read = requests.length

  await ask(quay)

  const changes = requests.slice(read).filter(({ method }) => method !== 'GET')
  expect(
    changes.map(({ method, path, body }) => ({ method, path, ...(body && { body: JSON.parse(body.replaceAll(sent, '[credential]')) }) })),
  ).toEqual(dry.dryRunCalls)
})
