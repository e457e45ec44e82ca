import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { App, ReceiverEvent, SocketModeReceiver } from '@slack/bolt'
import type { Logger } from 'pino'
import type { Bot } from '../context.ts'
import { storableValue } from '../core/foreign-text.ts'

type SocketClient = SocketModeReceiver['client']

/** Slack's largest payloads, modals with all their fields, are a few hundred kilobytes. */
const bodyAtMost = 1024 * 1024
const fiveMinutes = 300

/**
 * The one way by which anything of Slack reaches Bolt and the listeners. Whatever arrives is acknowledged, also what is for nobody,
 * from elsewhere, or no payload at all; whatever Bolt or a listener throws ends here, and not the process (docs/SECURITY.md rule 37).
 */
export function guardDoor(app: App, bot: Pick<Bot, 'slack' | 'log'>, ownApp: string | undefined) {
  const inside = app.processEvent.bind(app)
  app.processEvent = async (event: ReceiverEvent) => {
    let acked = false
    const ack: ReceiverEvent['ack'] = async (answer) => {
      if (acked) return
      acked = true
      await event.ack(answer)
    }
    try {
      const problem = problemOf(event.body, bot.slack, ownApp)
      if (problem) bot.log.warn({ problem }, 'ignored a payload from Slack for another app or workspace')
      // PostgreSQL takes neither NUL nor half a character: nothing behind this line meets them.
      else await inside({ ...event, ack, body: storableValue(event.body) as ReceiverEvent['body'] }) // it stays what it was
    } catch (err) {
      bot.log.error({ err }, 'could not parse a payload from Slack')
    }
    await ack().catch((err: unknown) => bot.log.warn({ err }, 'Slack could not be answered'))
  }
}

/** Where something says that it comes from: each kind of payload in its own way. */
interface Origin {
  api_app_id?: unknown
  enterprise_id?: unknown
  enterprise?: { id?: unknown } | null
  team?: { id?: unknown } | null
  team_id?: unknown
  context_team_id?: unknown
  view?: { app_installed_team_id?: unknown; app_id?: unknown } | null
}

/**
 * Why it is not read: what does not say that it comes from here. A press can come from another workspace that shares a channel
 * (docs/slack.md §8), and a signing secret or a socket may be shared by two apps by mistake.
 */
function problemOf(body: unknown, slack: Pick<Bot['slack'], 'team' | 'enterprise'>, ownApp: string | undefined) {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return 'no payload'
  const { api_app_id: app, enterprise_id: enterprise, enterprise: grid, ...from } = body as Origin // each field is looked at with care
  if (ownApp !== undefined && app !== undefined && app !== ownApp) return 'another app'
  if (slack.enterprise !== undefined) return (enterprise ?? grid?.id) === slack.enterprise ? undefined : 'another Enterprise Grid'
  // In a shared channel one of these may be the other side's; ours is among them.
  const teams = [from.team?.id, from.team_id, from.context_team_id, from.view?.app_installed_team_id]
  return teams.includes(slack.team) ? undefined : 'another workspace'
}

/**
 * Reads a request of Slack before Bolt does: 413 for what is too long, as early as that is known, 401 for what says that it comes from
 * the future (Bolt refuses what is old), 400 for a payload that is no object. Bolt checks the signature.
 */
export function slackListener(inside: RequestListener): RequestListener {
  return (request, response) => {
    if (isAhead(request.headers['x-slack-request-timestamp'])) return refuse(request, response, 401)
    void read(request)
      .then((body) => {
        if (body === undefined) return refuse(request, response, 413)
        if (!isPayload(request.headers['content-type'], body.toString())) return refuse(request, response, 400)
        // Bolt reads the body from here where somebody else has read it already.
        return inside(Object.assign(request, { rawBody: body }), response)
      })
      .catch(() => refuse(request, response, 400))
  }
}

function refuse(request: IncomingMessage, response: ServerResponse, status: number) {
  if (!response.headersSent) response.writeHead(status, { connection: 'close' }).end()
  // What is still on its way is not waited for.
  response.once('finish', () => request.destroy())
}

/** Undefined: it is too long. */
async function read(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > bodyAtMost) return undefined
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length
    if (length > bodyAtMost) return undefined
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

/** A form, as Bolt knows one, with or without a payload; or JSON. Bolt itself falls over what is `null`. */
function isPayload(type: string | undefined, body: string) {
  if (type !== 'application/x-www-form-urlencoded') return isObject(body)
  const payload = new URLSearchParams(body).get('payload')
  return payload === null || isObject(payload)
}

function isObject(text: string) {
  const value: unknown = JSON.parse(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// Bolt refuses what is older than five minutes, and takes what says it comes from the future: that could be replayed until then.
function isAhead(timestamp: string | string[] | undefined) {
  return Number(timestamp) - Date.now() / 1000 > fiveMinutes
}

/** The types of envelopes that Slack sends; a client emits an event by the name of any other, `error` too. */
const envelopes = new Set(['slash_commands', 'interactive', 'events_api'])

/**
 * Reads a frame of Slack's socket before its client does, which rejects with nobody waiting where there is no payload in it
 * (socket-mode 3.1.0): an envelope without one is acknowledged all the same, and what is no frame is left.
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
    const { envelope_id: id } = (frame ?? {}) as { envelope_id?: unknown } // a number has no such field either
    if (typeof id === 'string') void acknowledge(client, id).catch((err: unknown) => log.warn({ err }, 'Slack could not be answered'))
  })
}

/** The client's own `send` is private; its answer to an envelope is this. */
async function acknowledge(client: SocketClient, id: string) {
  await (client as unknown as { send(id: string, body: object): Promise<void> }).send(id, {})
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
  const { type, payload } = frame as { type?: unknown; payload?: unknown }
  if (type === 'hello' || type === 'disconnect') return true
  if (typeof type !== 'string' || !envelopes.has(type) || typeof payload !== 'object' || payload === null) return false
  const { event } = payload as { event?: { type?: unknown } | null }
  return type !== 'events_api' || (typeof event?.type === 'string' && event.type !== 'error')
}
