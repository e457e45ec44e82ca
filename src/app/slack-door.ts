import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { App, ReceiverEvent, SocketModeReceiver } from '@slack/bolt'
import type { Logger } from 'pino'
import type { Bot } from '../context.ts'
import { storableValue } from '../core/foreign-text.ts'
import { limitedBody } from '../core/limited-body.ts'

type SocketClient = SocketModeReceiver['client']

/** In bytes. Slack's largest payloads, modals with all their fields, are a few hundred kilobytes. */
const bodyAtMost = 1024 * 1024
const fiveMinutes = 300

/**
 * The only entrance of Slack's payloads to Bolt and the listeners. Every payload is acknowledged, even if it is unknown, foreign
 * or malformed. Errors of Bolt and the listeners end here and do not end the process (docs/SECURITY.md rule 37).
 */
export function guardDoor(app: App, bot: Pick<Bot, 'slack' | 'log' | 'metrics'>, ownApp: string | undefined) {
  const inside = app.processEvent.bind(app)
  app.processEvent = async (event: ReceiverEvent) => {
    let acked = false
    const endTimer = bot.metrics.ackSeconds.startTimer({ kind: kindOf(event.body) })
    const ack: ReceiverEvent['ack'] = async (answer) => {
      if (acked) return
      acked = true
      await event.ack(answer)
      endTimer()
    }
    try {
      const problem = problemOf(event.body, bot.slack, ownApp)
      if (problem) bot.log.warn({ problem }, 'ignored a payload from Slack for another app or workspace')
      // PostgreSQL accepts neither NUL nor lone surrogates, so they are replaced here for everything behind.
      else await inside({ ...event, ack, body: storableValue(event.body) as ReceiverEvent['body'] }) // replacing characters keeps its type
    } catch (err) {
      bot.log.error({ err }, 'could not parse a payload from Slack')
    }
    await ack().catch((err: unknown) => bot.log.warn({ err }, 'could not respond to Slack'))
  }
}

const kinds = new Map(
  Object.entries({ event_callback: 'event', block_actions: 'button', view_submission: 'dialog', block_suggestion: 'suggestion' }),
)

/** What kind of payload it is, in the metrics: a bounded list. */
function kindOf(body: unknown) {
  const { command, type } = (body ?? {}) as { command?: unknown; type?: unknown } // only compared below
  return command === undefined ? (kinds.get(String(type)) ?? 'other') : 'command'
}

/** The workspace and app that a payload names, whose place depends on the kind of payload. */
interface Origin {
  api_app_id?: unknown
  enterprise_id?: unknown
  enterprise?: { id?: unknown } | null
  team?: { id?: unknown } | null
  team_id?: unknown
  context_team_id?: unknown
  view?: { app_installed_team_id?: unknown; app_id?: unknown } | null
  user?: { team_id?: unknown } | string | null
}

/**
 * Why a payload is ignored: it does not name this workspace or app. A press can come from another workspace that shares a channel
 * (docs/slack.md §8), and two apps may share a signing secret or a socket by mistake.
 */
function problemOf(body: unknown, slack: Pick<Bot['slack'], 'team' | 'enterprise'>, ownApp: string | undefined) {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return 'no payload'
  const { api_app_id: app, enterprise_id: enterprise, enterprise: grid, ...from } = body as Origin // every field is checked before use
  if (ownApp !== undefined && app !== undefined && app !== ownApp) return 'another app'
  if (slack.enterprise !== undefined) return (enterprise ?? grid?.id) === slack.enterprise ? undefined : 'another Enterprise Grid'
  // In a shared channel some of these ids may be the other side's, but ours is among them.
  const teams = [from.team?.id, from.team_id, from.context_team_id, from.view?.app_installed_team_id]
  // The team of a press can be null, and the person's stands in its place (docs/slack.md §16, §21).
  const own = from.team === null && typeof from.user === 'object' ? from.user?.team_id : undefined
  return [...teams, own].includes(slack.team) ? undefined : 'another workspace'
}

/**
 * Checks a request from Slack before Bolt does: 413 for a body that is too long, as early as possible; 401 for a timestamp in the
 * future (Bolt refuses old ones); 400 for a payload that is not an object. Bolt checks the signature.
 */
export function slackListener(inside: RequestListener): RequestListener {
  return (request, response) => {
    if (isAhead(request.headers['x-slack-request-timestamp'])) return refuse(request, response, 401)
    void limitedBody(request, bodyAtMost)
      .then((body) => {
        if (body === undefined) return refuse(request, response, 413)
        if (!isPayload(request.headers['content-type'], body.toString())) return refuse(request, response, 400)
        // Bolt takes the body from here if it was read already.
        return inside(Object.assign(request, { rawBody: body }), response)
      })
      .catch(() => refuse(request, response, 400))
  }
}

function refuse(request: IncomingMessage, response: ServerResponse, status: number) {
  if (!response.headersSent) response.writeHead(status, { connection: 'close' }).end()
  // The rest of the body is not awaited.
  response.once('finish', () => request.destroy())
}

/** Parses a form as Bolt does, with or without a payload, or JSON. Bolt itself fails on `null`. */
function isPayload(type: string | undefined, body: string) {
  if (type !== 'application/x-www-form-urlencoded') return isObject(body)
  const payload = new URLSearchParams(body).get('payload')
  return payload === null || isObject(payload)
}

function isObject(text: string) {
  const value: unknown = JSON.parse(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// Bolt refuses timestamps older than five minutes but accepts future ones, which could be replayed until then.
function isAhead(timestamp: string | string[] | undefined) {
  return Number(timestamp) - Date.now() / 1000 > fiveMinutes
}

/** Slack's envelope types. The client would emit an event with the name of any other type, even `error`. */
const envelopes = new Set(['slash_commands', 'interactive', 'events_api'])

/**
 * Checks a frame of Slack's socket before its client does, which causes an unhandled rejection if there is no payload
 * (socket-mode 3.1.0). An envelope without a payload is still acknowledged; a malformed frame is ignored.
 */
export function guardSocket(client: SocketClient, log: Logger) {
  const [inside] = client.listeners('ws_message')
  if (!inside) throw new TypeError('The client of the socket has another way to read a frame')
  client.removeAllListeners('ws_message')
  client.on('ws_message', (data: unknown, isBinary: boolean) => {
    const frame = frameIn(data)
    if (isWhole(frame))
      return void Promise.resolve(inside.call(client, data, isBinary)).catch((err: unknown) =>
        log.error({ err }, 'could not read a frame from Slack'),
      )
    log.warn('ignored a malformed frame from Slack')
    const { envelope_id: id } = (frame ?? {}) as { envelope_id?: unknown } // other values have no such field
    if (typeof id === 'string') void acknowledge(client, id).catch((err: unknown) => log.warn({ err }, 'could not respond to Slack'))
  })
}

/** The client's own `send` is private. This sends the acknowledgement of an envelope. */
async function acknowledge(client: SocketClient, id: string) {
  await (client as unknown as { send(id: string, body: object): Promise<void> }).send(id, {}) // `send` is private in the client's types
}

function frameIn(data: unknown): unknown {
  try {
    return typeof data === 'string' ? JSON.parse(data) : undefined
  } catch {
    return undefined
  }
}

function isWhole(frame: unknown) {
  if (typeof frame !== 'object' || frame === null || Array.isArray(frame)) return false
  const { type, payload } = frame as { type?: unknown; payload?: unknown } // its fields are checked below
  if (type === 'hello' || type === 'disconnect') return true
  if (typeof type !== 'string' || !envelopes.has(type) || typeof payload !== 'object' || payload === null) return false
  const { event } = payload as { event?: { type?: unknown } | null } // its fields are checked below
  return type !== 'events_api' || (typeof event?.type === 'string' && event.type !== 'error')
}
