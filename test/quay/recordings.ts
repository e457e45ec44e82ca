import { readFileSync } from 'node:fs'

/** An exchange that was recorded from a running Quay. */
export interface Recording {
  name: string
  request: { method: string; path: string; query: Record<string, unknown> | null }
  response: { status: number; body?: unknown; rawBody?: string | null }
}

const folder = new URL('../recorded/quay-client/', import.meta.url)

/** Every exchange with the API, one on a line. */
export const recordings: Recording[] = readFileSync(new URL('exchanges.jsonl', folder), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line))

/** The body as Quay sent it. */
export function textOf({ response: { body, rawBody } }: Recording) {
  return rawBody ?? (body === undefined || body === null ? '' : JSON.stringify(body))
}

interface Parameter {
  name: string
  in: string
  type?: string
  schema?: { $ref: string }
}

interface Document {
  paths: Record<string, Record<string, { parameters?: Parameter[] }>>
  definitions: Record<string, object>
}

/** Quay's API document, with the calls that it keeps to itself. */
export const swagger: Document = JSON.parse(readFileSync(new URL('swagger.json', folder), 'utf8'))

const templates = Object.keys(swagger.paths)
  .map((template) => ({ template, pattern: patternOf(template) }))
  // The longest first: {repository} alone would fit nearly everything.
  .sort((one, other) => other.template.length - one.template.length)

function patternOf(template: string) {
  const parts = template.split(/(\{\w+\})/).map((part) => {
    if (part === '{repository}') return '[^/]+/.+'
    return part.startsWith('{') ? '[^/]+' : part.replaceAll(/[.+]/g, '\\$&')
  })
  return new RegExp(`^${parts.join('')}$`)
}

/** The template of the API document that the path belongs to. */
export function templateOf(path: string) {
  return templates.find(({ pattern }) => pattern.test(decodeURIComponent(path)))?.template
}
