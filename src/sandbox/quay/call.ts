import type { Registry, Token, User } from './registry.ts'

/** What every route works with: the state, the clock, and the way out for notifications. */
export interface World {
  registry: Registry
  now: () => number
  origin: () => string
  /** Sends an event to the repository's notifications, as Quay's worker does. */
  notify: (repository: string, event: string, data: Record<string, unknown>) => void
}

/** One authenticated request, its path already taken apart. */
export interface Call {
  world: World
  method: string
  path: string
  /** The route that it found: `GET /organization/{orgname}`. */
  route: string
  params: Record<string, string>
  query: URLSearchParams
  /** The raw body; `bodyOf` parses and checks it where Quay does. */
  text: string
  contentType: string
  /** Name of the body's schema in the API document. */
  bodySchema: string | undefined
  token: Token | undefined
  account: User | undefined
  ip: string
}

export interface Answer {
  status: number
  body?: unknown
  html?: string
  headers?: Record<string, string>
}

export interface Route {
  method: string
  path: string
  /** Names of the features that all have to be on; otherwise Quay does not register the route at all. */
  features: string[]
  handle: (call: Call) => Answer
  /** Asks for no token on a change either. */
  isOpen?: boolean
}

/** `route('GET /organization/{orgname}', handler, 'FEATURE')` */
export function route(address: string, handle: Route['handle'], ...features: string[]): Route {
  const [method = '', path = ''] = address.split(' ')
  return { method, path, features, handle }
}

export const ok = (body: unknown): Answer => ({ status: 200, body })
export const created = (body: unknown): Answer => ({ status: 201, body })
export const noContent = (): Answer => ({ status: 204 })

/** A parameter of the path that the route's own template names. */
export function param(call: Call, name: string) {
  const value = call.params[name]
  if (value === undefined) throw new Error(`${call.path} has no ${name}`)
  return value
}
