import { type Dispatcher, request } from 'undici'
import { z } from 'zod'
import { connectionProblem } from '../core/connection-problem.ts'
import { type Credential, credential } from '../core/credential.ts'
import { Failure } from '../core/failure.ts'
import { openNetwork, type Proxies } from '../core/network.ts'
import { redact } from '../core/redact.ts'
import { tallyQuayCall } from '../core/tally.ts'
import { address, type Names, type Query } from './address.ts'
import { answerOf } from './answer.ts'
import { openRateLimiter, type Purpose } from './budget.ts'
import { revealed } from './credentials.ts'
import { openMemo } from './memo.ts'
import { isOutage, notAccepted, notOffered, unavailable } from './refusal.ts'
import { type DryRunCall, nothingKnown, type Quay } from './registry.ts'
import { type Attempt, defaults, type Limits, repeated } from './retry.ts'

export { isCrash, quayAnswer, tokenRefused } from './refusal.ts'

interface Settings {
  url: string
  token: string
  proxies?: Proxies
  /** Calls per second. */
  rate: number
  limits?: Partial<Limits>
}

/** Sends nothing yet. */
export function openQuay({ url, token, proxies, rate, limits }: Settings): Quay {
  // Quay's nginx counts calls, not connections; many of them only for answers that are slow in coming.
  const network = openNetwork(proxies, { connections: 32 })
  return {
    url: new URL(url).origin,
    token: credential().parse(token),
    network,
    dispatcher: network.dispatcher,
    rateLimiter: openRateLimiter(rate),
    purpose: { class: 'interactive' },
    capabilities: nothingKnown(),
    tokenAccepted: { value: true },
    redirected: { to: undefined },
    answered: { at: Number.NEGATIVE_INFINITY },
    limits: { ...defaults, ...limits },
  }
}

/** Ends its connections when the calls under way have their answers. */
export async function closeQuay(quay: Quay) {
  await quay.network.close()
}

/** The same registry, asked on somebody's behalf. */
export function withPriority(quay: Quay, purpose: Purpose): Quay {
  return { ...quay, purpose }
}

/** The same registry, where nothing is changed: see `dryRunCalls`. */
export function dryRun(quay: Quay): Quay & { dryRunCalls: DryRunCall[] } {
  return { ...quay, dryRunCalls: [] }
}

/** The same registry for one execution, which reads each thing once (memo.ts). */
export function remembering(quay: Quay): Quay {
  return { ...quay, memo: openMemo() }
}

interface Wanted<Schema extends z.ZodType, Template extends string> {
  /** A template of Quay's API document without its /api/v1: `/repository/{repository}/tag/{tag}`. */
  path: Template
  query?: Query
  response: Schema
  /** A whole list, however long, which Quay does not page: remembered for the pages that we make of it. */
  whole?: true
}

type Named<Template extends string> = Names<Template> extends never ? { params?: undefined } : { params: Record<Names<Template>, string> }

interface Changes<Schema extends z.ZodType> {
  method: 'POST' | 'PUT' | 'DELETE'
  body?: object | undefined
  /** What a dry run takes for Quay's answer: the part of it that later steps use. */
  assume: z.input<Schema>
}

type Call<Schema extends z.ZodType, Template extends string> = Wanted<Schema, Template> &
  Named<Template> &
  ({ method: 'GET'; body?: undefined; assume?: undefined } | Changes<Schema>)

/** The answer of a call that says nothing but that it was done: 204s, `"Created"`, `"Okay"`, `{"success": true}`. */
export const done = z.unknown().transform(() => undefined)

/**
 * The one place that speaks HTTP to Quay: asks for a template and parameters, never for a finished path. Returns the answer as
 * `response` reads it. What it throws is a Failure, or a bug: `invalid`, `denied`, `not_found` and `conflict` in Quay's words,
 * `unavailable` when nobody knows whether the call took effect.
 */
export async function call<Schema extends z.ZodType, Template extends string>(
  quay: Quay,
  wanted: Call<Schema, Template>,
): Promise<z.output<Schema>> {
  const { method, path, params = {}, query, body, response } = wanted
  const url = address(quay.url, path, params, query)
  // Below a repository, DELETE of an address that Quay lacks answers 204 and has deleted nothing (a nested name).
  if (!quay.capabilities.offers(path, method)) throw notOffered()
  const foreign = youngFields.find((field) => isSent(body, field) && quay.capabilities.accepts(path, method, field) === false)
  if (foreign !== undefined) throw notAccepted(foreign)
  if (wanted.method !== 'GET' && quay.dryRunCalls) {
    quay.dryRunCalls.push({ method, path: url.pathname + url.search, ...(body && { body: JSON.parse(JSON.stringify(body)) }) })
    return response.parse(wanted.assume)
  }
  const limits = method === 'GET' ? quay.limits : { ...quay.limits, pauses: [] }
  const send = () => repeated(limits, (left) => attempt(quay, url, { method, path, body }, left))
  const answer = await (method === 'GET' ? known(quay, url.href, wanted, send) : changing(quay, send))
  const sure = 'status' in answer && !isOutage(answer.status)
  if (method !== 'GET' && (!sure || answer.status < 300)) quay.changed?.({ method, template: path, params, body, sure })
  return answerOf(quay, answer, wanted)
}

function known({ memo, lists }: Quay, url: string, { whole }: { whole?: true }, send: () => Promise<Attempt>) {
  const read = () => (memo ? memo.read(url, send) : send())
  return whole && lists ? lists.read(url, read) : read()
}

/** What the execution has read before its own change, or reads during it, it reads again afterwards. */
async function changing({ memo }: Quay, send: () => Promise<Attempt>) {
  memo?.forget()
  return send().finally(() => memo?.forget())
}

// Fields that came after Quay 3.9: older releases ignore them with 201, and do without them what nobody asked for. Not all others
// stand in the document: `expiration_s` of a proxy cache is taken all the same.
const youngFields = ['tagPattern', 'tagPatternMatches', 'immutable', 'skopeo_timeout_interval', 'architecture_filter', 'contact_email']

function isSent(body: object = {}, field: string) {
  return (body as Record<string, unknown>)[field] !== undefined // any body is read by name
}

/** A GET that answers undefined for what Quay does not have. */
export async function find<Schema extends z.ZodType, Template extends string>(
  quay: Quay,
  wanted: Wanted<Schema, Template> & Named<Template>,
) {
  try {
    return await call<Schema, Template>(quay, { method: 'GET', ...wanted } as Call<Schema, Template>) // TypeScript does not join a spread with a generic
  } catch (error) {
    if (error instanceof Failure && error.code === 'not_found') return undefined
    throw error
  }
}

interface Sent {
  method: Dispatcher.HttpMethod
  path: string
  body?: object | undefined
}

async function attempt(quay: Quay, url: URL, { method, path, body }: Sent, left: number) {
  await quay.rateLimiter.turn(quay.purpose, quay.limits.wait)
  tallyQuayCall()
  const started = performance.now()
  const headers = {
    authorization: `Bearer ${quay.token.reveal()}`,
    accept: 'application/json',
    // Quay takes what looks like a browser for one, and wants more headers from it.
    'user-agent': 'quaymaster',
    ...(body && { 'content-type': 'application/json' }),
  }
  const answer = await exchange(quay, url, { method, headers, ...(body && { body: revealed(body) }) }, left, quay.limits.answer)
  const took = performance.now() - started
  if ('status' in answer && !isOutage(answer.status)) quay.answered.at = performance.now()
  quay.observe?.({ method, template: path, status: 'status' in answer ? answer.status : 'failed', seconds: took / 1000 })
  return { answer, took }
}

/** One request and its whole answer within `left` milliseconds (undici's own limits begin anew with every piece that comes). */
async function exchange(quay: Quay, url: URL, options: Parameters<typeof request>[1], left: number, size: number): Promise<Attempt> {
  try {
    const answer = await request(url, {
      ...options,
      dispatcher: quay.dispatcher,
      signal: AbortSignal.timeout(Math.max(1, Math.ceil(left))),
    })
    const { 'retry-after': retryAfter, location } = answer.headers
    const bytes = await bytesOf(answer.body, size)
    return { status: answer.statusCode, bytes, retryAfter: retryAfter?.toString(), location: location?.toString() }
  } catch (error) {
    // The error itself may hold what was sent.
    return { failed: redact(String(error), [quay.token.reveal()]), problem: connectionProblem(error, url.host) }
  }
}

async function bytesOf(body: Dispatcher.ResponseData['body'], size: number) {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of body) {
    length += piece.length
    if (length > size) throw new Error(`the answer is longer than ${size} bytes`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

/**
 * The bytes at an address that Quay gave, without its token: an archived build log. Conflict: only Quay's own pages can show it.
 * The address is a credential too (it is signed), and stands in no error.
 */
export async function download(quay: Quay, where: Credential): Promise<Buffer> {
  const url = URL.parse(where.reveal())
  const conflict = () => new Failure('conflict', 'This log can only be viewed in the Quay web console.')
  if (url?.protocol !== 'https:' || url.username || url.password) throw conflict()
  const answer = await exchange(quay, url, { method: 'GET' }, quay.limits.call, quay.limits.archive)
  if ('failed' in answer) throw unavailable({ failed: 'the archived log could not be read' })
  // A redirect leads to a page to sign in on; redirects are never followed.
  if (answer.status >= 300 && answer.status < 400) throw conflict()
  if (isOutage(answer.status)) throw unavailable({ status: answer.status })
  if (answer.status !== 200)
    throw new Failure('conflict', 'Quay’s archive did not return this log ({status}).', { status: String(answer.status) })
  return answer.bytes
}
