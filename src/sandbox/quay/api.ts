import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { recorder } from './exchanges.ts'
import { faultAnswer } from './fault-answers.ts'
import { advance } from './passage.ts'
import { plainPage } from './plain-pages.ts'
import type { Registry } from './registry.ts'
import { answerTo, type Request } from './request.ts'
import { seed } from './seed.ts'
import { sentinelIn } from './sentinels.ts'
import { snapshotOf } from './snapshot.ts'
import { issueToken } from './tokens.ts'
import { createWorld } from './world.ts'

export interface QuayFaults {
  latencyMs?: number
  status?: number
  /** The effect happens, the answer never arrives. */
  cut?: boolean
  /** Only calls whose "METHOD path" contains this. */
  match?: string
  /** How often; for ever when absent. */
  times?: number
}

export interface Exchange {
  at: number
  method: string
  path: string
  account: string | undefined
  status: number | 'cut'
  body?: unknown
  answer?: unknown
}

export interface SimulatedQuay {
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>
  registry: Registry
  /** Oldest first. */
  exchanges: Exchange[]
  faults: (faults: QuayFaults | undefined) => void
  /** A token of that account with every scope. */
  tokenOf: (account: string) => string
  tokenWith: (account: string, scopes: string[]) => string
  revoke: (token: string) => void
  /** Lets what depends on time catch up after the clock was advanced. */
  tick: () => void
  reset: () => void
  snapshot: () => object
  stop: () => void
}

export const allScopes = ['super:user', 'org:admin', 'user:admin', 'user:read', 'repo:create', 'repo:admin', 'repo:write', 'repo:read']

export function simulateQuay(options: { clock: () => number; origin: () => string }): SimulatedQuay {
  const world = createWorld(options)
  const { registry } = world
  const { exchanges, record } = recorder()
  let faults: QuayFaults | undefined
  const tick = () => advance(world)
  const interval = setInterval(tick, 250).unref()

  const due = (method: string, path: string) => {
    if (!faults || (faults.match !== undefined && !`${method} ${path}`.includes(faults.match))) return
    if (faults.times === undefined) return faults
    return faults.times-- > 0 ? faults : undefined
  }

  const handle: SimulatedQuay['handle'] = async (incoming, response) => {
    const request = await read(incoming)
    if (!request.path.startsWith('/api/v1/') && request.path !== '/config') return send(response, plainPage(request.path))
    tick()
    const fault = due(request.method, request.path) ?? sentinelIn(request.method, request.path, request.text)
    if (fault?.latencyMs) await wait(fault.latencyMs)
    const { answer, account } = fault?.status ? { answer: faultAnswer(world, fault.status), account: undefined } : answerTo(world, request)
    record(world.now(), request, account, fault?.cut ? 'cut' : answer.status, answer)
    if (fault?.cut) return void response.destroy()
    send(response, answer, request.method === 'HEAD')
  }

  return {
    handle,
    registry,
    exchanges,
    faults: (next) => {
      faults = next && { ...next }
    },
    tokenOf: (account) => issueToken(world, account, allScopes).token,
    tokenWith: (account, scopes) => issueToken(world, account, scopes).token,
    revoke: (token) => {
      for (const one of registry.tokens) if (one.token === token) one.revoked = true
    },
    tick,
    reset: () => {
      Object.assign(registry, seed(options.clock()))
      exchanges.length = 0
      faults = undefined
    },
    snapshot: () => snapshotOf(registry),
    stop: () => clearInterval(interval),
  }
}

async function read(incoming: IncomingMessage): Promise<Request> {
  const pieces: Buffer[] = []
  for await (const piece of incoming) pieces.push(piece as Buffer) // no encoding was set
  // Not by URL, which would take `..` and `//` out of the path before anybody could refuse them.
  const [, path = '/', search = ''] = incoming.url?.match(/^([^?]*)(\?.*)?$/) ?? []
  return {
    method: incoming.method ?? 'GET',
    path,
    search,
    query: new URLSearchParams(search),
    text: Buffer.concat(pieces).toString(),
    headers: incoming.headers,
    ip: incoming.socket.remoteAddress?.replace('::ffff:', '') ?? '127.0.0.1',
  }
}

function send(
  response: ServerResponse,
  { status, body, html, headers }: { status: number; body?: unknown; html?: string; headers?: Record<string, string> },
  headOnly = false,
) {
  // A 204 of Quay has a content type and no body (facts.md, Status codes).
  const text = html ?? (body === undefined ? '' : `${JSON.stringify(body)}\n`)
  response.writeHead(status, { 'content-type': html === undefined ? 'application/json' : 'text/html; charset=utf-8', ...headers })
  response.end(headOnly ? undefined : text)
}
