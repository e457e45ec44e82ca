import { setTimeout as wait } from 'node:timers/promises'
import type { SocketModeReceiver } from '@slack/bolt'
import type { Logger } from 'pino'
import { aMinute } from '../core/durations.ts'

type Client = SocketModeReceiver['client']

const aSecond = 1_000

/**
 * Connects again whenever Slack hangs up, which it does every few hours, until it is stopped. The client's own way of doing that
 * (`autoReconnectEnabled`, to be off) drops what comes of it (socket-mode 3.1.0): a Slack that does not answer at that very
 * moment would end the process as an unhandled rejection, or leave it deaf. Returns whether Slack can reach the bot now.
 */
export function stayConnected(client: Client, log: Logger): () => boolean {
  let state: 'starting' | 'connected' | 'reconnecting' | 'stopping' = 'starting'
  const isStopping = () => state === 'stopping'
  const connectAgain = async () => {
    for (let attempt = 0; ; attempt += 1) {
      await wait(Math.min(aMinute, aSecond * 2 ** attempt), undefined, { ref: false })
      if (isStopping()) return
      try {
        await client.start()
        // Stopped while Slack was being asked for an address, it would stay connected to it.
        if (isStopping()) await client.disconnect()
        return
      } catch (error) {
        if (isStopping()) return
        log.warn({ reason: String(error ?? 'it hung up'), attempt }, 'cannot connect to Slack again; trying on')
      }
    }
  }
  client.on('connected', () => {
    if (!isStopping()) state = 'connected'
  })
  client.on('disconnecting', () => {
    state = 'stopping'
  })
  client.on('disconnected', () => {
    // While it starts, whoever starts it hears; while it reconnects, the loop above.
    if (state !== 'connected') return
    state = 'reconnecting'
    void connectAgain()
  })
  return () => state === 'connected'
}
