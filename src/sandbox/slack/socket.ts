import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { type Fields, fieldsOf, parsed, textOf } from './json.ts'
import { appId } from './people.ts'
import type { Link } from './simulation.ts'
import { later, type Slack } from './simulation.ts'
import { record } from './traffic.ts'

const ticketLifetime = 30_000
const most = 10
const host = 'applink-sandbox'

/** Accepts a WebSocket with a ticket of apps.connections.open, which is valid for one connection (docs/slack.md §5). */
export function acceptLinks(slack: Slack) {
  // Slack's clients and this server use no compression; offering the extension would only cost time.
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  return (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const url = URL.parse(request.url ?? '/', 'http://slack') ?? new URL('http://slack/')
    const ticket = slack.tickets.find(({ id }) => id === url.searchParams.get('ticket'))
    if (ticket) slack.tickets.splice(slack.tickets.indexOf(ticket), 1)
    if (url.pathname !== '/slack-sim/link/' || !ticket || slack.clock() - ticket.issued > ticketLifetime) {
      stream.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n')
      return
    }
    const period = url.searchParams.get('debug_reconnects') === 'true' ? 360 : 3600
    server.handleUpgrade(request, stream, head, (socket) => open(slack, socket, period))
  }
}

function open(slack: Slack, socket: WebSocket, period: number) {
  const link: Link = { socket, waiting: new Map() }
  socket.on('message', (data) => hear(slack, link, String(data)))
  socket.on('error', () => socket.terminate())
  socket.on('close', () => forget(slack, link))
  if (slack.links.length >= most) return dismiss(link, 'too_many_websockets')
  slack.links.push(link)
  say(link, {
    type: 'hello',
    num_connections: slack.links.length,
    debug_info: { host, build_number: 1, approximate_connection_time: period },
    connection_info: { app_id: appId },
  })
  keepAlive(socket)
  later(slack, (period - 10) * 1000, () => say(link, { type: 'disconnect', reason: 'warning', debug_info: { host } }))
  later(slack, period * 1000, () => dismiss(link, 'refresh_requested'))
  slack.changed()
}

// The client reconnects if it gets no ping within 30 s of the first (socket-mode 3.1.0).
function keepAlive(socket: WebSocket) {
  const timer = setInterval(() => socket.ping(`Ping from ${host}`), 10_000)
  timer.unref()
  socket.on('close', () => clearInterval(timer))
  socket.ping(`Ping from ${host}`)
}

function forget(slack: Slack, link: Link) {
  slack.links = slack.links.filter((one) => one !== link)
  slack.changed()
}

function say({ socket }: Link, frame: Fields) {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame))
}

// Slack does not document how long it waits after refresh_requested; usually long enough to open another connection.
const parting = { refresh_requested: 2_000, other: 50 }

/** Asks the client to leave and closes soon after. Deliveries go on, and the client may leave by itself. */
export function dismiss(link: Link, reason: string) {
  say(link, { type: 'disconnect', reason, debug_info: { host } })
  if (reason === 'warning') return
  const timer = setTimeout(() => link.socket.close(1000), reason === 'refresh_requested' ? parting.refresh_requested : parting.other)
  timer.unref()
}

/** Closes properly: a client whose close frame is not answered waits for 30 s (socket-mode 3.1.0). */
export async function hangUp({ socket }: Link) {
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.close(1000)
  const timer = setTimeout(() => socket.terminate(), 1000)
  await closed
  clearTimeout(timer)
}

function hear(slack: Slack, link: Link, data: string) {
  const { envelope_id, payload } = fieldsOf(parsed(data))
  const id = textOf(envelope_id)
  const waiting = link.waiting.get(id)
  if (waiting) return waiting(payload)
  // An acknowledgement for an unknown or expired envelope: Slack ignores it, and the traffic panel shows it.
  record(slack, {
    direction: 'from bot',
    kind: 'ack',
    name: id,
    transport: 'socket',
    request: payload,
    answer: null,
    ms: 0,
    error: 'late_or_unknown',
  })
}

/** Sends an envelope over any connection. Resolves with the payload of the acknowledgement, or undefined after the deadline. */
export function sendEnvelope(slack: Slack, frame: Fields, deadline: number): Promise<{ ack: unknown } | undefined> {
  const open = slack.links.filter(({ socket }) => socket.readyState === socket.OPEN)
  const link = open[Math.floor(Math.random() * open.length)]
  if (!link) return Promise.resolve(undefined)
  const { promise, resolve } = Promise.withResolvers<{ ack: unknown } | undefined>()
  const id = textOf(frame.envelope_id)
  const settle = (heard: { ack: unknown } | undefined) => {
    link.waiting.delete(id)
    clearTimeout(timer)
    resolve(heard)
  }
  const timer = setTimeout(settle, deadline, undefined)
  link.waiting.set(id, (ack) => {
    if (!slack.faults.dropAck) settle({ ack })
  })
  say(link, frame)
  return promise
}

/** A raw frame, as only a broken or hostile sender would send it. */
export async function sendFrame(slack: Slack, text: string, envelope?: string) {
  const [link] = slack.links
  if (!link) throw new Error('nobody is connected')
  const acked = Promise.withResolvers<void>()
  if (envelope === undefined) acked.resolve()
  else link.waiting.set(envelope, () => acked.resolve())
  link.socket.send(text)
  await acked.promise
}

export function isConnected({ links }: Slack) {
  return links.some(({ socket }) => socket.readyState === socket.OPEN)
}
