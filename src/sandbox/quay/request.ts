import type { IncomingHttpHeaders } from 'node:http'
import type { Answer, Call, World } from './call.ts'
import { operations } from './document.ts'
import { apiException, bareError, message, refusalOf, serverError } from './errors.ts'
import { findUser } from './lookup.ts'
import type { Token } from './registry.ts'
import { answerOf } from './release.ts'
import { routes } from './routes.ts'
import { compile, find } from './routing.ts'

export interface Request {
  method: string
  path: string
  search: string
  query: URLSearchParams
  text: string
  headers: IncomingHttpHeaders
  ip: string
}

const compiled = compile(routes)
const changes = (method: string) => !['GET', 'HEAD', 'OPTIONS'].includes(method)

/** One request through Quay's own order of checks: route, browser, token, CSRF, anonymity, read-only, arguments, handler. */
export function answerTo(world: World, request: Request): { answer: Answer; account: string | undefined } {
  const token = tokenOf(world, request.headers.authorization)
  const account = token?.account
  try {
    return { answer: handled(world, request, token), account }
  } catch (error) {
    return { answer: refusalOf(error) ?? failed(world, error), account }
  }
}

function handled(world: World, request: Request, token: Token | undefined): Answer {
  const { registry } = world
  const { method, headers, text, query, ip } = request
  // WSGI decodes the path before it is routed: %2F and %2B act as / and + (docs/quay.md, URLs).
  const decoded = decode(request.path)
  const path = decoded.startsWith('/api/v1/') ? decoded.slice('/api/v1'.length) : `:${decoded}`
  const match = find(compiled, registry, method, path, world.origin())
  if ('answer' in match) return match.answer
  if (fromBrowser(headers)) bareError(400, 'API calls must be invoked with an X-Requested-With header if called from a browser')
  // A bad token is no token; on a change the CSRF check then answers before anything else does (docs/quay.md, Authentication).
  if (!token && changes(method) && !match.route.isOpen) bareError(403, 'CSRF token was invalid or missing.')
  if (!token && !registry.features.ANONYMOUS_ACCESS) bareError(401, 'Anonymous access is not allowed')
  if (registry.state === 'readonly' && changes(method)) return readOnly
  const address: `${string} ${string}` = `${match.route.method} ${match.route.path}`
  const operation = operations.get(address)
  checkArguments(operation?.query ?? {}, query)
  const account = token && findUser(registry, token.account)
  const contentType = headers['content-type'] ?? ''
  const call: Call = {
    world,
    method,
    path,
    route: address,
    params: match.params,
    query,
    text,
    contentType,
    bodySchema: operation?.body,
    token,
    account,
    ip,
  }
  const answer = match.route.handle(call)
  return answer.body === undefined ? answer : { ...answer, body: answerOf(registry, address, answer.body) }
}

const readOnly: Answer = {
  status: 503,
  body: {
    is_readonly: true,
    message: 'System is currently read-only. Pulls will succeed but all write operations are currently suspended.',
  },
}

/** Whose token a request bears. */
export const accountOf = (world: World, { headers }: Request) => tokenOf(world, headers.authorization)?.account

/** Only a living token of an enabled account counts; Basic and robot tokens are ignored (docs/quay.md, Authentication). */
function tokenOf({ registry, now }: World, authorization = '') {
  const [, value] = authorization.match(/^bearer (.+)$/i) ?? []
  const token = registry.tokens.find((one) => one.token === value && !one.revoked && one.expires > now())
  return token && findUser(registry, token.account)?.enabled ? token : undefined
}

function fromBrowser(headers: IncomingHttpHeaders) {
  const looksLikeOne = /^mozilla\/.*(chrome|firefox|safari|edg|gecko)/i.test(headers['user-agent'] ?? '')
  return looksLikeOne && headers['x-requested-with'] !== 'XMLHttpRequest'
}

// flask-restful's abort with an object as its message (docs/quay.md, Errors 3).
function checkArguments(declared: Record<string, { type: string; help: string }>, query: URLSearchParams) {
  for (const [name, { type, help }] of Object.entries(declared)) {
    const value = query.get(name)
    if (value !== null && type === 'integer' && !/^\s*[+-]?\d+\s*$/.test(value)) message(400, { [name]: help })
  }
}

/** As it is when it cannot be decoded. */
export function decode(path: string) {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** A bug of the simulator looks like one of Quay's, and says so where a developer looks. */
function failed(world: World, error: unknown): Answer {
  console.error('the simulated Quay failed', error)
  try {
    serverError()
  } catch (refused) {
    return refusalOf(refused) ?? apiException(world, 500, 'invalid_request', 'Internal Server Error')
  }
}
