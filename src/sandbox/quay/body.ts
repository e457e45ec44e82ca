import type { Call } from './call.ts'
import { schemaOf } from './document.ts'
import { invalidRequest, message, serverError } from './errors.ts'
import { has, missingFields } from './release.ts'
import type { Schema } from './schema.ts'

interface Flaw {
  text: string
  depth: number
  weak: boolean
}

/** The checked body. The type is the caller's word for what the document's schema allows. */
export function bodyOf<Body = Record<string, unknown>>(call: Call): Body {
  const body = parsed(call)
  const { registry } = call.world
  const schema = call.bodySchema === undefined ? undefined : schemaOf(registry, call.bodySchema)
  const [flaw] = schema ? flaws(schema, body, []).sort((a, b) => a.depth - b.depth || Number(a.weak) - Number(b.weak)) : []
  if (flaw) invalidRequest(call, flaw.text)
  return known(call, body) as Body
}

/** What the release's code does not read is not there. */
function known({ world, bodySchema = '' }: Call, body: unknown) {
  const missing = missingFields(world.registry, bodySchema)
  if (missing.length === 0 || !isObject(body)) return body
  return Object.fromEntries(Object.entries(body).filter(([name]) => !missing.includes(name)))
}

/** For the few calls that read a body without a schema, or none at all. */
export function looseBodyOf(call: Call): Record<string, unknown> {
  try {
    return JSON.parse(call.text || '{}') as Record<string, unknown> // what is no object has none of the fields that are asked for
  } catch {
    return {}
  }
}

/** Refuses a missing or broken body where Quay does so before it looks at rights. */
export function requireJson(call: Call) {
  parsed(call)
}

function parsed(call: Call): unknown {
  if (!/^application\/([\w.+-]+\+)?json\b/.test(call.contentType)) refuseUntyped(call)
  try {
    return JSON.parse(call.text)
  } catch {
    // Shape 3; a missing body, broken JSON and another content type end alike (docs/quay.md, Errors).
    message(400, 'The browser (or proxy) sent a request that this server could not understand.')
  }
}

/** Without its type JSON is not even looked at, and nothing happens (docs/quay.md, Other). */
function refuseUntyped({ world }: Call): never {
  if (!has(world.registry, 'untypedJsonRefused')) serverError()
  if (!has(world.registry, 'untypedJsonUnsupported'))
    message(400, 'The browser (or proxy) sent a request that this server could not understand.')
  message(415, "Did not attempt to load JSON data because the request Content-Type was not 'application/json'.")
}

// The wording is that of Python's jsonschema; its first line is the useful one (docs/quay.md, Errors).
function flaws(schema: Schema, value: unknown, path: (string | number)[]): Flaw[] {
  const found: Flaw[] = []
  const add = (first: string, keyword: string, weak = false) =>
    found.push({ text: worded(first, keyword, schema, value, path), depth: path.length, weak })
  if (schema.type && !hasType(value, schema.type))
    add(`${python(value)} is not of type ${[schema.type].flat().map(python).join(', ')}`, 'type')
  if (schema.enum && !schema.enum.includes(value)) add(`${python(value)} is not one of ${python(schema.enum)}`, 'enum')
  if (typeof value === 'string') stringFlaws(schema, value, add)
  if (typeof value === 'number') numberFlaws(schema, value, add)
  if (Array.isArray(value)) listFlaws(schema, value, add)
  if (isObject(value)) objectFlaws(schema, value, add)
  if (schema.not && flaws(schema.not, value, path).length === 0)
    add(`${python(value)} should not be valid under ${python(schema.not)}`, 'not')
  const options = schema.oneOf ?? schema.anyOf
  const fitting = options?.filter((option) => flaws(option, value, path).length === 0) ?? [schema]
  if (schema.oneOf && fitting.length > 1) add(`${python(value)} is valid under each of ${fitting.map(python).join(', ')}`, 'oneOf', true)
  if (fitting.length === 0) add(`${python(value)} is not valid under any of the given schemas`, schema.oneOf ? 'oneOf' : 'anyOf', true)
  return [...found, ...nested(schema, value, path)]
}

type Add = (first: string, keyword: string) => void

function stringFlaws({ pattern, maxLength }: Schema, value: string, add: Add) {
  if (pattern && !new RegExp(pattern).test(value)) add(`${python(value)} does not match ${python(pattern)}`, 'pattern')
  if (maxLength !== undefined && value.length > maxLength) add(`${python(value)} is too long`, 'maxLength')
}

function numberFlaws({ minimum, maximum }: Schema, value: number, add: Add) {
  if (minimum !== undefined && value < minimum) add(`${value} is less than the minimum of ${minimum}`, 'minimum')
  if (maximum !== undefined && value > maximum) add(`${value} is greater than the maximum of ${maximum}`, 'maximum')
}

function listFlaws({ minItems, uniqueItems }: Schema, value: unknown[], add: Add) {
  if (minItems !== undefined && value.length < minItems) add(`${python(value)} is too short`, 'minItems')
  if (uniqueItems && new Set(value.map((item) => JSON.stringify(item))).size < value.length)
    add(`${python(value)} has non-unique elements`, 'uniqueItems')
}

function objectFlaws({ required = [], properties = {}, additionalProperties }: Schema, value: Record<string, unknown>, add: Add) {
  for (const name of required) if (!(name in value)) add(`${python(name)} is a required property`, 'required')
  if (additionalProperties !== false) return
  const extra = Object.keys(value).filter((name) => !(name in properties))
  const verb = extra.length === 1 ? 'was' : 'were'
  if (extra.length > 0)
    add(`Additional properties are not allowed (${extra.map(python).join(', ')} ${verb} unexpected)`, 'additionalProperties')
}

function nested({ properties = {}, items }: Schema, value: unknown, path: (string | number)[]): Flaw[] {
  if (Array.isArray(value)) return items ? value.flatMap((item, index) => flaws(items, item, [...path, index])) : []
  if (!isObject(value)) return []
  return Object.entries(properties).flatMap(([name, schema]) => (name in value ? flaws(schema, value[name], [...path, name]) : []))
}

function worded(first: string, keyword: string, schema: Schema, value: unknown, path: (string | number)[]) {
  const at = (separator: string) => path.map((step) => `${typeof step === 'number' ? '' : separator}[${python(step)}]`).join('')
  return `${first}\n\nFailed validating ${python(keyword)} in schema${at("['properties']")}:\n    ${python(schema)}\n\nOn instance${at('')}:\n    ${python(value)}`
}

/** As Python prints it. */
function python(value: unknown): string {
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return `'${value}'`
  if (Array.isArray(value)) return `[${value.map(python).join(', ')}]`
  if (isObject(value))
    return `{${Object.entries(value)
      .map(([key, item]) => `${python(key)}: ${python(item)}`)
      .join(', ')}}`
  return String(value)
}

function hasType(value: unknown, type: string | string[]): boolean {
  if (Array.isArray(type)) return type.some((one) => hasType(value, one))
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isObject(value)
  if (type === 'integer') return Number.isInteger(value)
  return typeof value === type
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
