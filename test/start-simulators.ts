import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { sandboxClock } from '../src/sandbox/clock.ts'
import { controlApi } from '../src/sandbox/control/control.ts'
import { simulateQuay } from '../src/sandbox/quay/api.ts'
import { simulateSlack } from '../src/sandbox/slack/simulate.ts'

interface Options {
  onRequest?: () => void
  slackAt?: string
  quayAt?: string
  /** Any free one unless said. */
  port?: number
  /** The bot's own address: Slack then posts to it instead of waiting for its socket, and Slackbot reaches its tools. */
  botAt?: string
}

/**
 * Slack and Quay alone, for bots in processes of their own that may be killed. Says of every request that it has come. `slackAt` and
 * `quayAt`: what the bot calls them by, where something else leads to them.
 */
export async function startSimulators(options: Options = {}) {
  const simulators = await openSimulators(options)
  onTestFinished(simulators.stop)
  return simulators
}

/** The same for what is no test. */
export async function openSimulators({ onRequest, slackAt, quayAt, port = 0, botAt }: Options = {}) {
  const clock = sandboxClock()
  const server = createServer()
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}` // it listens on a port
  const manifest: unknown = parse(readFileSync('manifest.yml', 'utf8'))
  const slack = simulateSlack({ clock: clock.now, origin: () => slackAt ?? origin(), manifest })
  const quay = simulateQuay({ clock: clock.now, origin: () => quayAt ?? origin() })
  const time = { now: clock.now, advance: async (ms: number) => clock.advance(ms) }
  if (botAt !== undefined) slack.transport({ mode: 'http', url: `${botAt}/slack/events` })
  // Whoever types at Slack does so here: personAt(origin, 'alice').
  const control = controlApi({ slack, quay, clock: time, onReset: async () => undefined })
  server.on('request', (request, response) => {
    onRequest?.()
    if (botAt !== undefined && request.url === '/mcp/slack') return passOn(botAt, request, response)
    const handle = request.url?.startsWith('/slack-sim/') ? slack.handle : request.url?.startsWith('/_control/') ? control : quay.handle
    void handle(request, response)
  })
  server.on('upgrade', (request, socket, head) => slack.upgrade(request, socket, head))
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const stop = async () => {
    await slack.stop()
    quay.stop()
    server.closeAllConnections()
    server.close()
  }
  const environment = {
    MODE: 'sandbox',
    LOG_LEVEL: 'warn',
    SLACK_BOT_TOKEN: slack.tokens.bot,
    SLACK_APP_TOKEN: slack.tokens.app,
    SLACK_API_URL: `${slackAt ?? origin()}/slack-sim/api/`,
    QUAY_URL: quayAt ?? origin(),
    QUAY_TOKEN: quay.tokenOf('quaymaster'),
    QUAY_RATE: '1000',
  }
  return { slack, quay, environment, origin: origin(), server, stop }
}

/** Slackbot calls the address of the simulators, where the sandbox has the bot too. */
function passOn(botAt: string, incoming: IncomingMessage, response: ServerResponse) {
  const { url = '/', method, headers } = incoming
  const outgoing = httpRequest(new URL(url, botAt), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  outgoing.on('error', () => response.writeHead(502).end())
  incoming.pipe(outgoing)
}

export type Simulators = Awaited<ReturnType<typeof startSimulators>>
