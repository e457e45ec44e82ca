import { setTimeout as wait } from 'node:timers/promises'
import type { SocketModeClient } from '@slack/socket-mode'
import type { Logger } from 'pino'
import { aMinute } from '../core/durations.ts'

/** The connection to Slack in Socket Mode: usually one socket, and two while one replaces the other. */
export interface Line {
  /** Connects. Rejects with the error of `apps.connections.open`, and with undefined if Slack closes the new connection at once. */
  start(): Promise<void>
  stop(): void
  /** Whether Slack can reach the bot now. */
  isConnected(): boolean
}

/** What a client emits for each envelope of Slack's. */
export interface Envelope {
  type?: string
  body?: { type?: string }
  ack(response?: unknown): Promise<void>
}

const aSecond = 1_000
// Slack announces the end ten seconds before it closes a connection (docs/slack.md §5); until then it still sends envelopes.
const farewell = aMinute

/**
 * Stays connected until it is stopped. Slack closes every connection after some hours and announces it. Then a second one is opened
 * first, and the old one is read to its end, so that nothing is lost. The client alone would hang up at once (socket-mode 3.1.0).
 * Its own reconnect (`autoReconnectEnabled`, which must be off) ends the process by an unhandled rejection, or stays disconnected,
 * if Slack does not answer at that moment.
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
      // A failure to open is reported to the caller of `open`.
      if (lines.delete(client) && !hasLine()) void connectAgain(aSecond)
    })
    await client.start()
    // If it was stopped while Slack returned a URL, it must not stay connected.
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
  // The client's own frame handler hangs up on every announcement.
  const own = client.listeners('ws_message')
  client.removeAllListeners('ws_message')
  client.on('ws_message', (data: unknown, isBinary: boolean) => {
    if (isFarewell(data)) return leaves()
    for (const read of own) read(data, isBinary)
  })
  client.on('slack_event', (envelope: Envelope) => hear(ackedAtOnce(envelope)))
}

/** `link_disabled` and `too_many_websockets` are not announcements: a second connection would not help. */
function isFarewell(data: unknown) {
  if (typeof data !== 'string' || !data.includes('"disconnect"')) return false
  try {
    const { type, reason } = JSON.parse(data) as { type?: unknown; reason?: unknown } // only compared below
    return type === 'disconnect' && (reason === 'warning' || reason === 'refresh_requested')
  } catch {
    return false
  }
}

const answered = new Set(['view_submission', 'view_closed', 'block_suggestion'])

/** Envelopes without a response are acknowledged before anything else, while a closing connection still accepts it. */
function ackedAtOnce(envelope: Envelope): Envelope {
  if (envelope.type === 'interactive' && answered.has(envelope.body?.type ?? '')) return envelope
  const acked = envelope.ack()
  // A second acknowledgement gets the result of the first; other callers need none.
  acked.catch(() => undefined)
  return { ...envelope, ack: () => acked }
}
