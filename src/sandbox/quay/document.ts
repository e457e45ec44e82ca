import { readFileSync } from 'node:fs'
import type { World } from './call.ts'
import type { Registry } from './registry.ts'
import { isInternal, isSince, missingFields } from './release.ts'
import { schemasBefore } from './releases.ts'
import type { Schema } from './schema.ts'

// Generated from the API document of a running Quay (GET /api/v1/discovery?internal=true, commit ffba0c70), one path
// or one body schema per line; descriptions and answers are left out.
interface Operation {
  operationId: string
  scope?: string
  query?: Record<string, { type: string; help: string }>
  body?: string
  internal?: boolean
  fresh?: boolean
}
type Line = { path: string } & Partial<Record<'get' | 'put' | 'post' | 'delete', Operation>> & { definition?: string; schema?: Schema }

const lines = readFileSync(new URL('document.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Line) // our own file, beside this one

const schemas = new Map(lines.flatMap(({ definition, schema }) => (definition && schema ? [[definition, schema] as const] : [])))

/** A body's schema as the release has it; undefined where there is none. */
export function schemaOf(registry: Pick<Registry, 'release'>, name: string): Schema | undefined {
  const [, , before] = schemasBefore.find(([definition, since]) => definition === name && !isSince(registry, since)) ?? []
  const schema = before ?? schemas.get(name)
  const missing = new Set(missingFields(registry, name))
  if (!schema || missing.size === 0) return schema
  const properties = Object.entries(schema.properties ?? {}).filter(([field]) => !missing.has(field))
  return { ...schema, properties: Object.fromEntries(properties), required: schema.required?.filter((field) => !missing.has(field)) ?? [] }
}

const methods = ['get', 'put', 'post', 'delete'] as const
export const operations = new Map(
  lines.flatMap((line) =>
    methods.flatMap((method) => (line[method] ? [[`${method.toUpperCase()} ${line.path}`, line[method]] as const] : [])),
  ),
)

/** A minimal but honest API document: every path and method that is served, its scope and parameters, no descriptions. */
export function discovery({ registry, origin }: World, internal: boolean, isServed: (address: string) => boolean) {
  const paths: Record<string, Record<string, unknown>> = {}
  const bodies = new Set<string>()
  for (const [address, operation] of operations) {
    const [method = '', path = ''] = address.split(' ')
    if (((operation.internal || isInternal(registry, path)) && !internal) || !isServed(address)) continue
    if (operation.body) bodies.add(operation.body)
    const full = `/api/v1${path}`
    const before = paths[full] ?? { 'x-path': full, parameters: pathParameters(path) }
    paths[full] = { ...before, [method.toLowerCase()]: described(operation) }
  }
  const { host } = new URL(origin())
  const info = {
    version: 'v1',
    title: 'Quay Frontend',
    description: 'A simulated Quay.',
    termsOfService: '',
    contact: { email: 'admin@example.com' },
  }
  return {
    swagger: '2.0',
    host,
    basePath: '/',
    schemes: ['http'],
    info,
    securityDefinitions: {},
    paths,
    // They come from the code, not from the configuration: they tell what the release can (docs/quay.md, Releases §3).
    definitions: Object.fromEntries([...bodies].map((name) => [name, schemaOf(registry, name)])),
    tags: [],
  }
}

function pathParameters(path: string) {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, type: 'string' }))
}

function described({ operationId, scope, query = {}, body }: Operation) {
  const parameters: unknown[] = Object.entries(query).map(([name, { type }]) => ({ name, in: 'query', type, required: false }))
  if (body) parameters.push({ name: 'body', in: 'body', required: true, schema: { $ref: `#/definitions/${body}` } })
  return { operationId, parameters, ...(scope && { security: [{ oauth2_implicit: [scope] }] }) }
}
