import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody } from '../slack/call-body.ts'
import { type Fields, isFields, parsed } from '../slack/json.ts'
import { isImpossible, isRefusal } from '../slack/refusal.ts'
import { actions } from './actions.ts'
import { reads } from './reads.ts'
import type { Routes, Simulators } from './route.ts'

/** The control API of the sandbox: everything under /_control/, JSON over HTTP, for tests, curl and the page. */
export function controlApi(simulators: Simulators, more: Routes = { reads: {}, actions: {} }) {
  const routes = { reads: { ...reads, ...more.reads }, actions: { ...actions, ...more.actions } }
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = URL.parse(request.url ?? '/', 'http://sandbox') ?? new URL('http://sandbox/')
    const name = url.pathname.replace(/^\/_control\//, '')
    if (request.method !== 'POST' && request.method !== 'GET') return send(response, 405, { ok: false, error: 'GET or POST.' })
    const table = request.method === 'POST' ? routes.actions : routes.reads
    // Every object has a `constructor`, so only own properties may be called.
    const route = Object.hasOwn(table, name) ? table[name] : undefined
    if (!route) return send(response, 404, unknownRoute(routes, name))
    try {
      const given = request.method === 'POST' ? await readGiven(request) : Object.fromEntries(url.searchParams)
      if (!given) return send(response, 400, { ok: false, error: 'The body has to be a JSON object.' })
      send(response, 200, await route(simulators, given))
    } catch (error) {
      const { status, body } = explained(error)
      send(response, status, body)
    }
  }
}

function explained(error: unknown) {
  if (isRefusal(error)) return { status: 413, body: { ok: false, error: 'The body is too long.' } }
  if (!isImpossible(error)) return { status: 500, body: { ok: false, error: error instanceof Error ? error.message : String(error) } }
  if (error.impossible === 'missing') return { status: 404, body: { ok: false, error: error.message } }
  // Slack's client would not allow this to the person, so nothing was sent to the bot.
  return { status: 200, body: { ok: false, ack_ms: 0, ack: null, error: error.message } }
}

function unknownRoute({ reads, actions }: Routes, name: string) {
  const gets = Object.keys(reads).map((one) => `GET ${one}`)
  const posts = Object.keys(actions).map((one) => `POST ${one}`)
  return { ok: false, error: `There is no ${name} in the control API; there are ${[...gets, ...posts].join(', ')}.` }
}

async function readGiven(request: IncomingMessage): Promise<Fields | undefined> {
  const body = (await readBody(request)).toString('utf8')
  const given = body.trim() === '' ? {} : parsed(body)
  return isFields(given) ? given : undefined
}

function send(response: ServerResponse, status: number, body: unknown) {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}
