import { readFileSync } from 'node:fs'

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
export interface Schema {
  type?: string | string[]
  required?: string[]
  properties?: Record<string, Schema>
  items?: Schema
  enum?: unknown[]
  oneOf?: Schema[]
  anyOf?: Schema[]
  not?: Schema
  pattern?: string
  minimum?: number
  maximum?: number
  minItems?: number
  maxLength?: number
  uniqueItems?: boolean
  additionalProperties?: boolean
}
type Line = { path: string } & Partial<Record<'get' | 'put' | 'post' | 'delete', Operation>> & { definition?: string; schema?: Schema }

const lines = readFileSync(new URL('document.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Line) // our own file, beside this one

export const schemas = new Map(lines.flatMap(({ definition, schema }) => (definition && schema ? [[definition, schema] as const] : [])))

const methods = ['get', 'put', 'post', 'delete'] as const
export const operations = new Map(
  lines.flatMap((line) =>
    methods.flatMap((method) => (line[method] ? [[`${method.toUpperCase()} ${line.path}`, line[method]] as const] : [])),
  ),
)

/** A minimal but honest API document: every path and method that is served, its scope and parameters, no descriptions. */
export function discovery(origin: string, internal: boolean, isServed: (address: string) => boolean) {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [address, operation] of operations) {
    if ((operation.internal && !internal) || !isServed(address)) continue
    const [method = '', path = ''] = address.split(' ')
    const full = `/api/v1${path}`
    const before = paths[full] ?? { 'x-path': full, parameters: pathParameters(path) }
    paths[full] = { ...before, [method.toLowerCase()]: described(operation) }
  }
  const { host } = new URL(origin)
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
    definitions: Object.fromEntries(schemas),
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
