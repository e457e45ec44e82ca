import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { checkToken, requireScope } from './access.ts'
import { charsetWarning, readArguments, readBody } from './call-body.ts'
import { called, failedAnswer, failureOf } from './failing.ts'
import type { Fields } from './json.ts'
import type { Method } from './methods/method.ts'
import { methods } from './methods.ts'
import { waitFor } from './rate-limits.ts'
import { invalidArguments, isRefusal, refuse } from './refusal.ts'
import type { Slack } from './simulation.ts'
import { record } from './traffic.ts'

interface Answer {
  status: number
  body: Fields
  given: Fields
  retryAfter?: number
  /** The answer never arrives. */
  lost?: boolean
}

/** Answers one call to the Web API: always 200 with `ok`, except for rate limits and faults (docs/slack.md §6). */
export async function answerCall(slack: Slack, name: string, request: IncomingMessage, response: ServerResponse) {
  const started = performance.now()
  if (slack.faults.latencyMs) await wait(slack.faults.latencyMs)
  const answer = await attempt(slack, name, request)
  const lost = answer.lost || isLost(slack, name)
  called(slack, name)
  record(slack, {
    direction: 'from bot',
    kind: 'call',
    name,
    transport: 'http',
    request: answer.given,
    answer: answer.body,
    status: answer.status,
    ms: Math.round(performance.now() - started),
    ...(lost ? { error: 'answer_lost' } : answer.body.ok === false && { error: String(answer.body.error) }),
  })
  if (lost) return response.destroy()
  send(slack, name, answer, response)
}

async function attempt(slack: Slack, name: string, request: IncomingMessage): Promise<Answer> {
  let given: Fields = {}
  try {
    const method = methods[name]
    const body = await readBody(request)
    if (slack.faults.status) return { status: slack.faults.status, body: { ok: false, error: 'internal_error' }, given }
    const read = await readArguments(request, body, method?.formOnly === true)
    given = read.given
    if (!method) throw refuse('unknown_method', { req_method: name })
    checkToken(slack, read.token, method.token ?? 'bot')
    const retryAfter = waitFor(slack, name, method.perMinute, given)
    if (retryAfter !== undefined) return { status: 429, body: { ok: false, error: 'ratelimited' }, given, retryAfter }
    const failing = failureOf(slack, name, given)
    const failed = failing && failedAnswer(slack, name, failing)
    if (failed) return { ...failed, given }
    if (failing?.error === 'cut') return { status: 200, body: {}, given, lost: true }
    return { status: 200, body: withWarning(request, run(slack, method, given)), given, lost: failing !== undefined }
  } catch (error) {
    if (!isRefusal(error)) throw error
    return { status: 200, body: error.answer, given }
  }
}

function run(slack: Slack, method: Method, given: Fields): Fields {
  requireScope(slack, method.scopes ?? [])
  const missing = (method.required ?? []).filter((name) => given[name] === undefined || given[name] === '')
  if (missing.length > 0) throw invalidArguments(...missing.map((name) => `missing required field: ${name} [json-pointer:/${name}]`))
  return { ok: true, ...method.run(slack, given) }
}

function withWarning(request: IncomingMessage, body: Fields): Fields {
  const warning = charsetWarning(request)
  return warning ? { ...body, warning, response_metadata: { warnings: [warning] } } : body
}

function isLost({ faults }: Slack, name: string) {
  const fault = faults.cutAnswer
  if (!fault || (fault.method && fault.method !== name)) return false
  if (fault.times === undefined) return true
  fault.times -= 1
  return fault.times >= 0
}

function send(slack: Slack, name: string, { status, body, retryAfter }: Answer, response: ServerResponse) {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'x-slack-req-id': randomUUID().replaceAll('-', ''),
    'x-oauth-scopes': slack.workspace.scopes.join(','),
    'x-accepted-oauth-scopes': (methods[name]?.scopes ?? []).join(','),
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
  })
  response.end(JSON.stringify(body))
}
