import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Bot } from '../../context.ts'
import type { Sentence } from '../../core/i18n.ts'
import { keeps } from '../../core/kept.ts'
import { limitedBody } from '../../core/limited-body.ts'
import { entries } from '../../db/schema.ts'
import { teamOf } from '../../slack/clients.ts'
import { type NotOffered, readAsked } from './caller.ts'
import { openServer } from './server.ts'
import { isSignedBySlack } from './signature.ts'

/** Where Slack's own Slackbot calls the bot's tools. */
export const slackbotPath = '/mcp/slack'

/** Why Slackbot cannot be answered though the policy allows it; undefined if it can, or may not. */
export function doorProblem({ policy, config }: Pick<Bot, 'policy' | 'config'>): Sentence | undefined {
  if (policy.mcp.allow === 'off' || config.SLACK_SIGNING_SECRET !== undefined) return undefined
  return { message: 'The policy allows Slackbot, but Quaymaster can’t answer it: an operator must set SLACK_SIGNING_SECRET.', values: {} }
}

const bodyAtMost = 256 * 1024

/**
 * Answers Slackbot. Before anything else is done a request must be signed by Slack just now, in exactly these bytes, and name a
 * person of this workspace; a call is answered once (docs/SECURITY.md rule 46). While the policy has `mcp: off` there is no such path.
 */
export async function answerSlackbot(bot: Bot, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { SLACK_SIGNING_SECRET: secret } = bot.config
  if (bot.policy.mcp.allow === 'off' || secret === undefined) return refuse(request, response, 404)
  if (request.method !== 'POST') return refuse(request, response, 405)
  if (isOfAnotherPage(request, bot.config.PUBLIC_URL)) return refuse(request, response, 403)
  const body = await limitedBody(request, bodyAtMost).catch(() => 'cut' as const)
  if (body === undefined) return refuse(request, response, 413)
  if (body === 'cut' || !isSignedBySlack(request.headers, body, { secret, now: bot.clock() })) return refuse(request, response, 401)
  const asked = readAsked(body.toString(), bot.slack)
  if (typeof asked === 'number') return refuse(request, response, asked)
  if ('isModern' in asked) return answerNotOffered(response, asked)
  if (asked.caller && !(await isFirst(bot, asked.caller.user, String(request.headers['x-slack-signature']))))
    return refuse(request, response, 409)
  const handler = await serverOf(bot)
  const answer = await handler(requestWith(request, JSON.stringify(asked.message)), asked.caller)
  response.writeHead(answer.status, { ...Object.fromEntries(answer.headers), 'cache-control': 'no-store' })
  response.end(await answer.text())
}

/** The protocol's package is loaded with the first request: most bots never open this door. */
const serverOf = keeps((bot: Bot) => openServer(bot))

/** The request for the protocol's handler, with the headers that it reads. */
function requestWith({ headers }: IncomingMessage, body: string) {
  const read = Object.entries(headers).filter(([name]) => name === 'accept' || name === 'content-type' || name.startsWith('mcp-'))
  return new Request(`http://bot${slackbotPath}`, { method: 'POST', headers: read.map(([name, value]) => [name, String(value)]), body })
}

/**
 * Claims a signature for this process. False if it came before, on any replica: nothing in a signed call tells its copy apart.
 * Throws while the database is away, because then nobody can know.
 */
async function isFirst(bot: Bot, person: string, signature: string): Promise<boolean> {
  const key = `slackbot ${createHash('sha256').update(signature).digest('base64url')}`
  const row = { key, team: teamOf(bot.slack), person, operation: 'slackbot', reference: '', state: 'done' as const }
  const made = await bot.db
    .insert(entries)
    .values({ ...row, createdAt: new Date(bot.clock()) })
    .onConflictDoNothing()
    .returning({ key: entries.key })
  return made.length === 1
}

/**
 * Whether a page in a browser sends it that is neither the bot's own nor of this machine. The protocol asks for this look; Slack
 * sends no `Origin`, and no page has its secret.
 */
function isOfAnotherPage({ headers: { origin } }: IncomingMessage, publicUrl = '') {
  if (origin === undefined) return false
  const host = URL.parse(origin)?.hostname
  return host === undefined || !['localhost', '127.0.0.1', '[::1]', URL.parse(publicUrl)?.hostname].includes(host)
}

/** As the protocol says it in each of its eras: a client may ask, and goes on without. */
function answerNotOffered(response: ServerResponse, { id, isModern }: NotOffered) {
  const headers = { 'cache-control': 'no-store' }
  if (id === undefined) return void response.writeHead(202, headers).end()
  const body = JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } })
  response.writeHead(isModern ? 404 : 200, { ...headers, 'content-type': 'application/json' }).end(body)
}

function refuse(request: IncomingMessage, response: ServerResponse, status: number) {
  response.writeHead(status, { connection: 'close', 'cache-control': 'no-store' }).end()
  // The rest of the body is not awaited.
  response.once('finish', () => request.destroy())
}
