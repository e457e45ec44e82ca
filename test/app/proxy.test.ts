import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { personAt } from '../people.ts'
import { isCi, sampled } from '../sized.ts'
import { startSimulators } from '../start-simulators.ts'
import { startProxy } from './logging-proxy.ts'
import { spawnBot } from './spawn-bot.ts'

// Each starts a process, which a busy machine does slowly.
vi.setConfig({ testTimeout: 180_000 })
const patience = { timeout: 120_000 }

const folder = new URL('tls/', import.meta.url)
const authority = fileURLToPath(new URL('authority.pem', folder))

/** The same server over TLS, with a certificate that only the company's authority vouches for. */
async function overTls(inside: Server) {
  const paths: string[] = []
  const server = createTlsServer({
    key: readFileSync(new URL('server.key', folder)),
    cert: readFileSync(new URL('server.pem', folder)),
  })
  let connections = 0
  server.on('secureConnection', () => {
    connections += 1
  })
  server.on('request', (request, response) => {
    paths.push(request.url ?? '')
    inside.emit('request', request, response)
  })
  server.on('upgrade', (request, socket, head) => {
    paths.push(request.url ?? '')
    inside.emit('upgrade', request, socket, head)
  })
  const port = await listening(server)
  return { port, paths, connections: () => connections }
}

async function listening(server: Server | ReturnType<typeof createTlsServer>) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port // it listens on a port
}

test('Slack, its sockets, files and response URLs, and Quay lie behind the proxy alone, with a company’s certificates', async () => {
  const simulators = await startSimulators({ slackAt: 'https://slack.corp.example', quayAt: 'https://quay.corp.example' })
  const front = await overTls(simulators.server)
  const proxy = await startProxy({ hosts: { 'slack.corp.example:443': front.port, 'quay.corp.example:443': front.port } })
  const policy = { POLICY_FILE: fileURLToPath(new URL('proxy-policy.yml', folder)) }
  const bot = await spawnBot({ ...simulators.environment, ...policy, HTTPS_PROXY: proxy.url, CA_FILE: authority, LOG_LEVEL: 'debug' })
  await expect.poll(() => simulators.slack.connections() || bot.output(), patience).toBe(1)

  const alice = personAt(simulators.origin, 'alice')
  expect((await alice.types('/quay repo create acme/behind')).text).toMatch(/^Created .*acme\/behind/)
  await alice.types('/quay build logs acme/api latest whole=yes')
  await expect.poll(() => simulators.slack.workspace.files.length, patience).toBe(1)
  const archive = 'https://downloads.corp.example/fail.tar.gz'
  expect((await alice.types(`/quay build start acme/api ${archive}`)).text).toContain('acme/api')

  for (const path of [
    /slack-sim\/api\/auth\.test/,
    /slack-sim\/response\//,
    /slack-sim\/files\/upload\//,
    /slack-sim\/link\//,
    /^\/api\/v1\//,
  ])
    expect(front.paths.some((one) => path.test(one))).toBe(true)
  expect(new Set(proxy.log)).toEqual(new Set(['CONNECT slack.corp.example:443', 'CONNECT quay.corp.example:443']))
  // Nothing went round it.
  expect(front.connections()).toBe(proxy.log.length)

  bot.process.kill('SIGTERM')
  expect(await bot.over).toBe(0)
})

test('a proxy with a login takes plain requests whole and tunnels the socket; lower case is read; its password is in no log', async () => {
  const simulators = await startSimulators({ slackAt: 'http://slack.corp.example', quayAt: 'http://quay.corp.example' })
  const { port } = simulators.server.address() as AddressInfo // it listens on a port
  const proxy = await startProxy({ hosts: { 'slack.corp.example:80': port, 'quay.corp.example:80': port }, login: 'bot:hunter2secret' })
  const bot = await spawnBot({ ...simulators.environment, http_proxy: proxy.url, LOG_LEVEL: 'trace' })
  await expect.poll(() => simulators.slack.connections() || bot.output(), patience).toBe(1)

  expect((await personAt(simulators.origin, 'alice').types('/quay repo show acme/api')).text).toContain('acme/api')
  expect(proxy.log).toContain('CONNECT slack.corp.example:80')
  expect(proxy.log).toContain('POST http://slack.corp.example/slack-sim/api/auth.test')
  expect(proxy.log.some((line) => line.startsWith('POST http://slack.corp.example/slack-sim/response/'))).toBe(true)
  expect(proxy.log.some((line) => line.startsWith('GET http://quay.corp.example/api/v1/'))).toBe(true)
  expect(bot.output()).not.toContain('hunter2secret')
})

test('SIGUSR2 makes the log tell more, and a second one as much as before', async () => {
  const simulators = await startSimulators()
  const bot = await spawnBot({ ...simulators.environment, LOG_LEVEL: 'warn' })
  await expect.poll(() => simulators.slack.connections() || bot.output(), patience).toBe(1)
  bot.process.kill('SIGUSR2')
  await expect.poll(bot.output, patience).toMatch(/"now":"debug","before":"warn"/)
  bot.process.kill('SIGUSR2')
  await expect.poll(bot.output, patience).toMatch(/"now":"warn","before":"debug"/)
})

test.runIf(isCi)('what NO_PROXY names is called directly', async () => {
  const simulators = await startSimulators({ slackAt: 'http://slack.corp.example' })
  const { port } = simulators.server.address() as AddressInfo // it listens on a port
  const proxy = await startProxy({ hosts: { 'slack.corp.example:80': port } })
  const settings = { ...simulators.environment, HTTP_PROXY: proxy.url, NO_PROXY: '.internal.example, 127.0.0.0/8' }
  const bot = await spawnBot(settings)
  await expect.poll(() => simulators.slack.connections() || bot.output(), patience).toBe(1)

  expect((await personAt(simulators.origin, 'alice').types('/quay repo show acme/api')).text).toContain('acme/api')
  expect(proxy.log.filter((line) => !line.includes('slack.corp.example'))).toEqual([])
})

interface Wrong {
  settings: Record<string, string>
  login?: string
  hosts?: string[]
  sentence: string
}

const wrong: [string, Wrong][] = [
  [
    'a certificate of the company, without CA_FILE',
    {
      settings: {},
      sentence:
        'The certificate of slack.corp.example is not trusted. If your company signed it, an operator must set CA_FILE to a PEM file with the certificate of its authority, such as ./ca.pem.',
    },
  ],
  [
    'a proxy that wants a login',
    {
      settings: { CA_FILE: authority },
      login: 'bot:secret',
      sentence:
        'The proxy requires a username and password for slack.corp.example. An operator must add them to HTTPS_PROXY or HTTP_PROXY, between http:// and the host.',
    },
  ],
  [
    'a proxy that lets nobody to Slack',
    {
      settings: { CA_FILE: authority },
      hosts: [],
      sentence: 'The proxy does not connect to slack.corp.example (502). An operator must allow it there, or add the host to NO_PROXY.',
    },
  ],
]

test.each(sampled(wrong, 3, 2))('%s: a sentence at start says whose move it is', async (_, { settings, login, hosts, sentence }) => {
  const simulators = await startSimulators({ slackAt: 'https://slack.corp.example' })
  const front = await overTls(simulators.server)
  const known = Object.fromEntries((hosts ?? ['slack.corp.example:443']).map((host) => [host, front.port]))
  const proxy = await startProxy({ hosts: known, ...(login !== undefined && { login }) })
  const bot = await spawnBot({
    ...simulators.environment,
    HTTPS_PROXY: login === undefined ? proxy.url : proxy.url.replace(login, 'bot:wrong'),
    ...settings,
  })
  expect(await bot.over).toBe(1)
  expect(bot.output()).toContain(`Quaymaster cannot start: ${sentence}\n`)
})

test('a QUAY_URL that redirects to https is refused at start, with the URL to set', async () => {
  const seen: (string | undefined)[] = []
  const port = await listening(
    createServer((request, response) => {
      seen.push(request.headers.host)
      response.writeHead(301, { location: `https://127.0.0.1${request.url}` }).end()
    }),
  )
  const simulators = await startSimulators({ quayAt: `http://127.0.0.1:${port}` })
  const bot = await spawnBot(simulators.environment)
  expect(await bot.over).toBe(1)
  expect(bot.output()).toContain('Quaymaster cannot start: QUAY_URL redirects to https://127.0.0.1. Set QUAY_URL=https://127.0.0.1.\n')
  expect(seen.length).toBeGreaterThan(0)
})
