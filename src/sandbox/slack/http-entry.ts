import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody } from './call-body.ts'
import { failedAnswer, failureOf } from './failing.ts'
import { parsed } from './json.ts'
import { waitFor } from './rate-limits.ts'
import { answerResponseUrl } from './response-url.ts'
import type { Slack } from './simulation.ts'
import { record } from './traffic.ts'
import { serveFiles } from './uploads.ts'
import { answerCall } from './web-api.ts'

/** Everything under /slack-sim/ except WebSockets. */
export async function handle(slack: Slack, request: IncomingMessage, response: ServerResponse) {
  const [, , area, ...rest] = (URL.parse(request.url ?? '/', 'http://slack')?.pathname ?? '/').split('/')
  try {
    if (area === 'api') await answerCall(slack, rest.join('/'), request, response)
    else if (area === 'response' && request.method === 'POST') await hearResponse(slack, rest.join('/'), request, response)
    else if (area === 'files') await serveFiles(slack, rest, request, response)
    else response.writeHead(404).end()
  } catch (error) {
    // An error of the simulator itself: the bot sees Slack fail, and the traffic panel shows why.
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
    record(slack, {
      direction: 'from bot',
      kind: 'call',
      name: rest.join('/'),
      transport: 'http',
      request: null,
      answer: why,
      status: 500,
      ms: 0,
      error: 'fatal_error',
    })
    if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' })
    response.end('{"ok":false,"error":"fatal_error"}')
  }
}

async function hearResponse(slack: Slack, path: string, request: IncomingMessage, response: ServerResponse) {
  const started = performance.now()
  const body = (await readBody(request)).toString('utf8')
  const kind = path.split('/')[0] ?? ''
  const retryAfter = waitFor(slack, 'response_url', Infinity, {})
  const failing = failureOf(slack, 'response_url', {})
  const failed = failing && failedAnswer(slack, 'response_url', failing)
  const answer =
    retryAfter !== undefined
      ? { status: 429, body: '{"ok":false,"error":"ratelimited"}' }
      : failed
        ? { status: failed.status === 200 ? 400 : failed.status, body: JSON.stringify(failed.body) }
        : failing?.error === 'cut'
          ? { status: 200, body: '' }
          : answerResponseUrl(slack, path, body)
  const ms = Math.round(performance.now() - started)
  const { status } = answer
  record(slack, {
    direction: 'from bot',
    kind: 'response_url',
    name: kind,
    transport: 'http',
    request: parsed(body),
    answer: answer.body,
    status,
    ms,
    ...(failing && { error: failing.error }),
  })
  if (failing && !failed) return void response.destroy()
  response.writeHead(status, {
    'content-type': status === 200 ? 'text/html' : 'application/json',
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
  })
  response.end(answer.body)
}
