import assert from 'node:assert/strict'
import { Failure } from '../core/failure.ts'
import { isUnaddressable } from './names.ts'

/** The names between braces: `'build_uuid'` of `/repository/{repository}/build/{build_uuid}` among them. */
export type Names<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never

export type Query = Record<string, string | number | boolean | undefined>

// One segment of a path, safe to encode. Quay takes %2F for a slash, so that encoding alone would not keep it in its place.
const segment = /^(?!\.{1,2}$)[^/\\?#%\p{Cc}\p{Cs}]+$/u

/** Fills in the template. Only {repository} may hold slashes, and no value can leave its place and reach another route. */
export function address(origin: string, template: string, params: Record<string, string>, query: Query = {}) {
  // Quay's public configuration lies outside the API.
  const prefix = template === '/config' ? '' : '/api/v1'
  const pathname = prefix + template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encoded(name, params[name] ?? ''))
  const url = new URL(pathname, origin)
  assert.equal(url.pathname, pathname)
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value))
  return url
}

function encoded(name: string, value: string) {
  const segments = name === 'repository' ? repositorySegments(value) : [value]
  if (!segments.every((part) => segment.test(part))) throw new Failure('invalid', '“{value}” cannot be a name in Quay.', { value })
  return segments.map(encodeURIComponent).join('/')
}

function repositorySegments(repository: string) {
  if (isUnaddressable(repository)) {
    throw new Failure('invalid', 'Quay can’t address the repository {repository} safely. Rename it in the Quay web console.', {
      repository,
    })
  }
  const segments = repository.split('/')
  // `/repository/{repository}` with a namespace alone is another route, or none.
  return segments.length > 1 ? segments : ['']
}
