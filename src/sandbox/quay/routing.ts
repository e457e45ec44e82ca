import type { Answer, Route } from './call.ts'
import { methodPage, redirect, unknownPage } from './errors.ts'
import type { Registry } from './registry.ts'
import { has, hasRoute } from './release.ts'

interface Compiled extends Route {
  pattern: RegExp
  names: string[]
  /** More literal segments win; the bare repository, which swallows everything, comes last. */
  weight: number
}

type Match = { route: Route; params: Record<string, string> } | { answer: Answer }

/** Quay lets a repository have any number of segments (docs/quay.md, URLs). */
const segment = (name: string) => (name === 'repository' ? '([^/]+(?:/[^/]+)+)' : '([^/]+)')

export function compile(routes: Route[]): Compiled[] {
  return routes.map(compiled).sort((a, b) => b.weight - a.weight)
}

function compiled(route: Route): Compiled {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const pattern = new RegExp(`^${route.path.replaceAll('.', '\\.').replace(/\{(\w+)\}/g, (_, name: string) => segment(name))}$`)
  const literals = route.path.split('/').filter((part) => part && !part.startsWith('{')).length
  return { ...route, names, pattern, weight: literals * 10 - names.length }
}

/**
 * The first route with this method and path. Without one Quay answers in three ways: a path of the API with another
 * method 405 as JSON, a forgotten slash 308, all else the web page's 404 or 405, which are HTML.
 */
export function find(routes: Compiled[], registry: Registry, method: string, path: string, origin: string): Match {
  const wanted = method === 'HEAD' ? 'GET' : method
  const matching = routes.filter((route) => route.pattern.test(path) && isServed(registry, route))
  const route = matching.find((one) => one.method === wanted)
  if (route) return { route, params: paramsOf(route, path) }
  // Not when the path is a repository's: `…/acme/web/build` is the repository `web/build` (docs/quay.md, URLs).
  const isWithSlash = (one: Compiled) =>
    one.method === wanted && one.path.endsWith('/') && one.pattern.test(`${path}/`) && isServed(registry, one)
  if (matching.length === 0 && routes.some(isWithSlash)) return { answer: redirect(`${origin}/api/v1${path}/`) }
  if (method === 'OPTIONS' && matching.length > 0) return { answer: { status: 200, html: '', headers: { allow: allowed(matching) } } }
  if (wanted === 'GET') return { answer: unknownPage() }
  return { answer: matching.length > 0 ? methodError(matching) : methodPage() }
}

/** Whether its features are on and the release has it. Quotas had one feature less before (docs/quay.md, Releases §1b). */
export function isServed(registry: Registry, { path, features }: Pick<Route, 'path' | 'features'>) {
  const isOn = (feature: string) => registry.features[feature] || (feature === 'EDIT_QUOTA' && !has(registry, 'quotasNeedEditQuota'))
  return features.every(isOn) && hasRoute(registry, path)
}

function paramsOf(route: Compiled, path: string) {
  const [, ...values] = route.pattern.exec(path) ?? []
  return Object.fromEntries(route.names.map((name, index) => [name, values[index] ?? '']))
}

const allowed = (matching: Compiled[]) => [...new Set(matching.map((route) => route.method)), 'HEAD', 'OPTIONS'].join(', ')

function methodError(matching: Compiled[]): Answer {
  return { status: 405, body: { message: 'The method is not allowed for the requested URL.' }, headers: { allow: allowed(matching) } }
}
