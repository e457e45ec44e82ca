import { setTimeout as wait } from 'node:timers/promises'
import type { SocketModeClient } from '@slack/socket-mode'
import type { Logger } from 'pino'
import { aMinute } from '../core/durations.ts'

/** The line to Slack in Socket Mode: one connection as a rule, two while one takes the other's place. */
export interface Line {
  /** Connects. Throws what `apps.connections.open` throws, and nothing where Slack takes the connection and closes it again. */
  start(): Promise<void>
  stop(): void
  /** Whether Slack can reach the bot now. */
  isConnected(): boolean
}

/** What a client gives for each envelope of Slack's. */
export interface Envelope {
  type?: string
  body?: { type?: string }
  ack(response?: unknown): Promise<void>
}

const aSecond = 1_000
// Slack says so ten seconds before it closes a connection, and closes it itself (docs/slack.md §5): what it still sends is heard.
const farewell = aMinute

/**
 * Stays connected until it is stopped. Slack closes every connection after some hours and says so before: then a second one is opened
 * first, and the old one heard to its end, so that nothing is lost in between. The client alone would hang up at once (socket-mode
 * 3.1.0), and its own way to connect again (`autoReconnectEnabled`, to be off) lets a Slack that does not answer at that very moment
 * end the process as an unhandled rejection, or leave it deaf.
 */
export function keepLine(open: () => SocketModeClient, hear: (envelope: Envelope) => void, log: Logger): Line {
  const lines = new Set<SocketModeClient>()
  const leaving = new WeakSet<SocketModeClient>()
  let stopped = false
  let connecting = false

  const connect = async () => {
    const client = open()
    listen(client, { hear, leaves: () => replace(client) })
    client.on('disconnected', () => {
      // What was never open is told to whoever opens it.
      if (lines.delete(client) && !hasLine()) void connectAgain(aSecond)
    })
    await client.start()
    // Stopped while Slack was being asked for an address, it would stay connected to it.
    if (stopped) return void client.disconnect()
    lines.add(client)
  }
  const hasLine = () => [...lines].some((client) => !leaving.has(client))
  const connectAgain = async (pause: number) => {
    if (connecting || stopped) return
    connecting = true
    for (let attempt = 0; !hasLine() && !stopped; attempt += 1) {
      if (pause > 0 || attempt > 0) await wait(Math.min(aMinute, aSecond * 2 ** attempt), undefined, { ref: false })
      if (stopped) break
      await connect().catch((error: unknown) =>
        log.warn({ reason: String(error ?? 'it hung up'), attempt }, 'cannot reconnect to Slack; retrying'),
      )
    }
    connecting = false
  }
  const replace = (client: SocketModeClient) => {
    leaving.add(client)
    setTimeout(() => lines.has(client) && void client.disconnect(), farewell).unref()
    if (!hasLine()) void connectAgain(0)
  }

  return {
    start: connect,
    stop: () => {
      stopped = true
      for (const client of lines) void client.disconnect()
    },
    isConnected: () => !stopped && lines.size > 0,
  }
}

function listen(client: SocketModeClient, { hear, leaves }: { hear: (envelope: Envelope) => void; leaves: () => void }) {
  // The client's own way to read a frame hangs up on every farewell.
  const own = client.listeners('ws_message')
  client.removeAllListeners('ws_message')
  client.on('ws_message', (data: unknown, isBinary: boolean) => {
    if (isFarewell(data)) return leaves()
    for (const read of own) read(data, isBinary)
  })
  client.on('slack_event', (envelope: Envelope) => hear(ackedAtOnce(envelope)))
}

/** `link_disabled` and `too_many_websockets` are none: a second connection would not help. */
function isFarewell(data: unknown) {
  if (typeof data !== 'string' || !data.includes('"disconnect"')) return false
  try {
    const { type, reason } = JSON.parse(data) as { type?: unknown; reason?: unknown }
    return type === 'disconnect' && (reason === 'warning' || reason === 'refresh_requested')
  } catch {
    return false
  }
}

const answered = new Set(['view_submission', 'view_closed', 'block_suggestion'])

/** What is acked with nothing is acked before anything looks at it: a connection that is about to close still takes it. */
function ackedAtOnce(envelope: Envelope): Envelope {
  if (envelope.type === 'interactive' && answered.has(envelope.body?.type ?? '')) return envelope
  const acked = envelope.ack()
  // Whoever acks it again is told what became of it; nobody else has to be.
  acked.catch(() => undefined)
  return { ...envelope, ack: () => acked }
}
