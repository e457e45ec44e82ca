import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parse } from 'yaml'
import { sandboxClock } from '../../src/sandbox/clock.ts'
import { controlApi } from '../../src/sandbox/control/control.ts'
import { simulateQuay } from '../../src/sandbox/quay/api.ts'
import { simulateSlack } from '../../src/sandbox/slack/simulate.ts'
import { frontOf } from './company/front.ts'
import { fillRegistry } from './company/registry.ts'
import { fillWorkspace } from './company/workspace.ts'

// The company's Slack and Quay, in a process of their own: the bot's time is not theirs. Is told where the bot is reached, says on a
// line where they are, and ends with who started it.

const [, , bot = 'http://127.0.0.1'] = process.argv

const clock = sandboxClock()
const server = createServer()
const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}` // it listens on a port
const manifest = parse(readFileSync('manifest.yml', 'utf8')) as { features: object } // the manifest of this repository
const links = { ...manifest.features, unfurl_domains: ['127.0.0.1'] }
const slack = simulateSlack({ clock: clock.now, origin, manifest: { ...manifest, features: links }, rateLimits: true })
const quay = simulateQuay({ clock: clock.now, origin })
quay.registry.allowLoopbackWebhooks = true
fillRegistry(quay.registry, clock.now(), bot)
fillWorkspace(slack.workspace)
const control = controlApi({ slack, quay, clock: { ...clock, advance: () => undefined } })
const front = frontOf(quay)

function answer(response: ServerResponse, body: unknown) {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** Slack's and Quay's limits, off while a figure is prepared. */
function limit(on: boolean) {
  slack.workspace.rateLimits = on
  front.limits(on)
  return { on }
}

/** Every webhook that Quay has of the bot. */
function hooks() {
  return quay.registry.repositories.map(({ namespace, name, notifications }) => ({
    object: `${namespace}/${name}`,
    notification: notifications.find(({ method }) => method === 'webhook')?.uuid,
  }))
}

server.on('request', (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', origin())
  if (pathname.startsWith('/slack-sim/')) return void slack.handle(request, response)
  if (pathname.startsWith('/_control/')) return void control(request, response)
  if (pathname === '/_company/limits') return answer(response, limit(searchParams.get('on') === 'yes'))
  if (pathname === '/_company/hooks') return answer(response, hooks())
  if (pathname === '/_company/calls') return answer(response, front.callsSince(Number(searchParams.get('from'))))
  void front.handle(request, response)
})
server.on('upgrade', (request, socket, head) => slack.upgrade(request, socket, head))
server.listen(0, '127.0.0.1')
await once(server, 'listening')
process.stdout.write(
  `${JSON.stringify({
    origin: origin(),
    environment: {
      MODE: 'sandbox',
      SLACK_BOT_TOKEN: slack.tokens.bot,
      SLACK_APP_TOKEN: slack.tokens.app,
      SLACK_API_URL: `${origin()}/slack-sim/api/`,
      QUAY_URL: origin(),
      QUAY_TOKEN: quay.tokenOf('quaymaster'),
    },
  })}\n`,
)
process.stdin.on('end', () => process.exit(0)).resume()
