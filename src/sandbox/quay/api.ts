import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { archivedLogs } from './build-view.ts'
import type { Answer } from './call.ts'
import { cleanUp } from './clean-up.ts'
import { recorder } from './exchanges.ts'
import { faultAnswer } from './fault-answers.ts'
import { openNginx } from './nginx.ts'
import { advance } from './passage.ts'
import { plainPage } from './plain-pages.ts'
import type { Registry } from './registry.ts'
import { accountOf, answerTo, type Request } from './request.ts'
import { seed } from './seed.ts'
import { sentinelIn } from './sentinels.ts'
import { allScopes, applySettings, type QuaySettings, settingsOf } from './settings.ts'
import { snapshotOf } from './snapshot.ts'
import { findToken, issueToken, revokeToken } from './tokens.ts'
import type { Exchange, QuayFaults } from './wire.ts'
import { createWorld } from './world.ts'

export interface SimulatedQuay {
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>
  registry: Registry
  /** Oldest first. */
  exchanges: Exchange[]
  faults: (faults: QuayFaults | undefined) => void
  /** What is switched on, and not used up. */
  fault: () => QuayFaults | undefined
  /** Runs the registry otherwise, or gives the bot other rights in it. */
  set: (settings: QuaySettings) => void
  /** The token of that account with every scope; always the same one until it is revoked. */
  tokenOf: (account: string) => string
  tokenWith: (account: string, scopes: string[]) => string
  revoke: (token: string) => void
  /** Lets what depends on time catch up after the clock was advanced. */
  tick: () => void
  /** The garbage collector, at once. */
  cleanUp: () => void
  reset: () => void
  snapshot: () => object
  stop: () => void
}

export { allScopes, readmeScopes } from './settings.ts'

/**
 * Unlike a real Quay: images are never moved, so a push is `registry.pushTag`; the scanner finds flaws only in tags named
 * `vulnerable`; builds and mirrors whose address contains `fail` fail; quotas are kept and never enforced; prune policies
 * are kept and never run; names of other hosts are judged by their looks.
 */
export function simulateQuay(options: { clock: () => number; origin: () => string; settings?: QuaySettings }): SimulatedQuay {
  const world = createWorld(options)
  const { registry } = world
  const began = { ...settingsOf(registry), ...options.settings }
  applySettings(registry, began)
  const { exchanges, record } = recorder()
  const { due, late, set, on } = faultBox()
  const passes = openNginx()
  const tick = () => advance(world)
  const tickSometimes = sparingly(tick)
  const interval = setInterval(tickSometimes, 250).unref()

  const handle: SimulatedQuay['handle'] = async (incoming, response) => {
    const request = await read(incoming)
    if (!request) return
    const { method, path, text } = request
    if (!path.startsWith('/api/v1/') && path !== '/config') return send(response, archivedLogs(world, path) ?? plainPage(registry, path))
    if (path.startsWith('/api/') && !passes(registry.callLimit, request.ip, performance.now())) {
      const refused = faultAnswer(world, 429, method)
      record(world.now(), request, undefined, 429, refused)
      return send(response, refused, method === 'HEAD')
    }
    tickSometimes()
    const fault = due(method, path) ?? sentinelIn(method, path, text)
    if (fault?.latencyMs) await late(fault.latencyMs)
    const { answer, account } = fault?.status
      ? { answer: faultAnswer(world, fault.status, method), account: accountOf(world, request) }
      : answerTo(world, request)
    record(world.now(), request, account, fault?.cut ? 'cut' : answer.status, answer)
    if (fault?.cut) return void response.destroy()
    send(response, answer, method === 'HEAD')
  }
  const reset = () => {
    // Tokens outlive it: the bot goes on with the one it was started with.
    const { tokens, allowLoopbackWebhooks } = registry
    Object.assign(registry, seed(options.clock()), { tokens, allowLoopbackWebhooks })
    const { scopes: _, ...settings } = began
    applySettings(registry, settings)
    exchanges.length = 0
    set(undefined)
  }

  return {
    handle,
    registry,
    exchanges,
    faults: set,
    fault: on,
    set: (settings) => applySettings(registry, settings),
    tokenOf: (account) => (findToken(world, account, allScopes) ?? issueToken(world, account, allScopes)).token,
    tokenWith: (account, scopes) => issueToken(world, account, scopes).token,
    revoke: (token) => revokeToken(world, token),
    tick,
    cleanUp: () => cleanUp(world),
    reset,
    snapshot: () => snapshotOf(registry),
    stop: () => clearInterval(interval),
  }
}

/** Calls it so that it takes at most a tenth of the time: in a registry of 20,000 repositories what is due is seen a bit later. */
function sparingly(work: () => void) {
  let rest = 0
  return () => {
    const began = performance.now()
    if (began < rest) return
    work()
    const ended = performance.now()
    rest = ended + 9 * (ended - began)
  }
}

/** The faults that tests and the control API asked for, and whether one of them is due. */
function faultBox() {
  let faults: QuayFaults | undefined
  let changed = new AbortController()
  const due = (method: string, path: string) => {
    if (!faults || (faults.match !== undefined && !`${method} ${path}`.includes(faults.match))) return
    if (faults.times === undefined) return faults
    return faults.times-- > 0 ? faults : undefined
  }
  /** A registry that is no longer slow answers what it has kept waiting. */
  const late = (milliseconds: number) => wait(milliseconds, undefined, { signal: changed.signal }).catch(() => undefined)
  const set = (next: QuayFaults | undefined) => {
    faults = next && { ...next }
    changed.abort()
    changed = new AbortController()
  }
  const on = () => (faults?.times !== undefined && faults.times <= 0 ? undefined : faults)
  return { due, late, set, on }
}

/** Undefined when the caller hung up in the middle of his request. */
async function read(incoming: IncomingMessage): Promise<Request | undefined> {
  const pieces = await incoming.toArray().catch(() => undefined)
  if (!pieces) return
  // Not by URL, which would take `..` and `//` out of the path before anybody could refuse them.
  const [, path = '/', search = ''] = incoming.url?.match(/^([^?]*)(\?.*)?$/) ?? []
  return {
    method: incoming.method ?? 'GET',
    path,
    search,
    query: new URLSearchParams(search),
    text: Buffer.concat(pieces as Buffer[]).toString(), // no encoding was set
    headers: incoming.headers,
    ip: incoming.socket.remoteAddress?.replace('::ffff:', '') ?? '127.0.0.1',
  }
}

function send(response: ServerResponse, { status, body, html, headers }: Answer, headOnly = false) {
  // A 204 of Quay has a content type and no body (docs/quay.md, Status codes).
  const text = html ?? (body === undefined ? '' : `${JSON.stringify(body)}\n`)
  response.writeHead(status, { 'content-type': html === undefined ? 'application/json' : 'text/html; charset=utf-8', ...headers })
  response.end(headOnly ? undefined : text)
}
