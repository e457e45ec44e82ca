import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Gauge } from 'prom-client'
import type { Bot } from '../context.ts'
import { readinessGauge } from '../core/metrics.ts'
import type { Trouble } from '../db/errors.ts'
import { receive } from '../notifications/webhook.ts'
import { eventsPath } from '../notifications/webhook-registration.ts'
import { type Health, healthOf } from '../surfaces/health.ts'
import { answerSlackbot, slackbotPath } from '../surfaces/slackbot/door.ts'
import type { Connection } from './slack-app.ts'

/** The bot's own routes. Others get a 404 without detail. An error is answered with 500 and does not end the process. */
export function answerHttp(bot: Bot, connection: Connection) {
  const answerTo = routes(bot, connection)
  return async (request: IncomingMessage, response: ServerResponse) => {
    try {
      await answerTo(request, response)
    } catch (err) {
      bot.log.error({ err }, 'could not answer an HTTP request')
      if (!response.headersSent) answer(response, 500, { ok: false })
    }
  }
}

/** The path of a request; empty if its URL is invalid, such as `//`. */
export function pathOf({ url = '/' }: IncomingMessage) {
  return URL.parse(url, 'http://bot')?.pathname ?? ''
}

/** The path below that of PUBLIC_URL. A shared ingress may cut the prefix or leave it, so both are answered. */
function within(publicUrl: string | undefined, pathname: string) {
  const prefix = URL.parse(publicUrl ?? '')?.pathname.replace(/\/$/, '') ?? ''
  return prefix !== '' && pathname.startsWith(`${prefix}/`) ? pathname.slice(prefix.length) : pathname
}

function routes(bot: Bot, connection: Connection) {
  const { registry } = bot.metrics
  const gauge = readinessGauge(bot.metrics)
  return async (request: IncomingMessage, response: ServerResponse) => {
    const pathname = within(bot.config.PUBLIC_URL, pathOf(request))
    if (pathname === '/slack/events' && connection.listener) return void connection.listener(request, response)
    if (pathname === slackbotPath) return answerSlackbot(bot, request, response)
    if (pathname.startsWith(eventsPath)) return answerEvent(bot, pathname, request, response)
    if (pathname === '/healthz') return answer(response, 200, { ok: true, mode: bot.config.MODE })
    if (pathname === '/metrics') {
      // Alerts are about readiness too, whoever else asks for it.
      await readiness(gauge, connection, bot)
      return void response.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics())
    }
    if (pathname === '/readyz') return ready(response, await readiness(gauge, connection, bot))
    return answer(response, 404, { ok: false })
  }
}

/** The answer is always that of `receive`, except while the database is down: then Quay must retry. */
async function answerEvent(bot: Bot, pathname: string, request: IncomingMessage, response: ServerResponse) {
  const { status } = await receive(bot, pathname, request).catch((err: unknown) => {
    bot.log.error({ err }, 'could not store an event from Quay')
    return { status: 503 }
  })
  answer(response, status, { ok: status === 200 })
}

interface Readiness {
  slack: boolean
  database: boolean
  quay: boolean
  token: boolean
  degraded: Health['degraded']
  /** What is wrong with the database. */
  trouble: Health['database']
}

/** Each part as it is now, within a second; the gauge shows the same. */
async function readiness(gauge: Gauge<'part'>, connection: Connection, bot: Bot): Promise<Readiness> {
  const { quay, slack, database, degraded } = await healthOf(bot)
  const parts = {
    slack: connection.isConnected() && slack !== 'refused',
    database: database === undefined,
    quay: quay.state !== 'unreachable',
    token: quay.state !== 'token-refused',
  }
  for (const [part, well] of Object.entries(parts)) gauge.set({ part }, well ? 1 : 0)
  return { ...parts, degraded, trouble: database }
}

/**
 * Ready means that the bot itself can work: Slack reaches it, Slack and Quay accept its tokens, and the database can write. If Quay
 * is down or something works only in part, the answer says so but stays 200 (docs/SECURITY.md rule 38).
 */
function ready(response: ServerResponse, { degraded, trouble, ...parts }: Readiness) {
  const ok = parts.slack && parts.database && parts.token
  const named = trouble && { trouble: diskTroubles[trouble] ?? `database-${trouble}` }
  answer(response, ok ? 200 : 503, { ok, ...parts, ...named, ...(degraded.length > 0 && { degraded }) })
}

const diskTroubles: Partial<Record<Trouble, string>> = { full: 'disk-full', 'read-only': 'disk-read-only' }

function answer(response: ServerResponse, status: number, body: object) {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(`${JSON.stringify(body)}\n`)
}
