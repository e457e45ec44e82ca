import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DestinationStream } from 'pino'
import { parse } from 'yaml'
import { pathOf } from '../app/http.ts'
import { listen } from '../app/listen.ts'
import { manifestOf } from '../app/manifest.ts'
import { type Started, startBot } from '../app/start.ts'
import { commandProblem } from '../approvals/policy-checks.ts'
import { sweepRequests } from '../approvals/sweep.ts'
import { loadCommands } from '../command/registry.ts'
import { type Environment, readConfig, sandboxPort, slashCommandIn } from '../core/config.ts'
import { Failure } from '../core/failure.ts'
import { secretsKey } from '../core/keys.ts'
import { openLog } from '../core/log.ts'
import { type Policy, readPolicy } from '../core/policy.ts'
import { setSlashCommand, slash } from '../core/slash-command.ts'
import type { Where } from '../db/database.ts'
import { lookForDue } from '../notifications/due.ts'
import { sandboxClock } from './clock.ts'
import { controlApi } from './control/control.ts'
import { foreign } from './control/guard.ts'
import { pageRoutes } from './page/routes.ts'
import { servePage } from './page/serve.ts'
import { eventStream } from './page/stream.ts'
import { sandboxPolicy } from './policy.ts'
import { simulateQuay } from './quay/api.ts'
import { isRelease, knownReleases } from './quay/release.ts'
import { allScopes, botAccount, type QuaySettings } from './quay/settings.ts'
import { simulateSlack } from './slack/simulate.ts'
import { openMemory } from './start/memory-database.ts'
import { beginAgain, beginSubscribed } from './subscribed.ts'

export { banner } from './banner.ts'

interface Opening {
  policy?: Partial<Policy>
  log?: DestinationStream
  /** The transport between Slack and the bot. */
  transport?: 'socket' | 'http'
  database?: Where
  /** A real registry instead of the simulated one, for `npm run seed-tour`. */
  registry?: { url: string; token: string } | undefined
  /** The scopes of the bot's token: `readmeScopes`; by default all. */
  scopes?: string[]
  /** Optional scopes of the manifest that the Slack app was installed without. */
  slackWithout?: string[]
  /** The simulated Quay: release, full access, the bot's memberships. */
  quay?: QuaySettings
  /** Whether Slack's rate limits apply. */
  rateLimits?: boolean
  /** Whether the subscription of the tour exists. */
  subscribed?: boolean
}

/** The whole sandbox on one port of the loopback interface: simulated Slack, simulated Quay, control API, and the real bot. */
export async function openSandbox(
  environment: Environment,
  {
    policy = {},
    log,
    transport = 'socket',
    database = { memory: openMemory },
    registry,
    scopes,
    slackWithout = [],
    quay: settings = {},
    rateLimits = false,
    subscribed = false,
  }: Opening = {},
) {
  const clock = sandboxClock()
  const server = createServer()
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}` // an address object, because it listens on a port
  setSlashCommand(slashCommandIn(environment))
  // As an operator installs it. Slack itself accepts no IP address for links.
  const manifest = withSlackbot(manifestOf({ registry: registry?.url ?? 'http://127.0.0.1', command: slash() }))
  const slack = simulateSlack({ clock: clock.now, origin, manifest, rateLimits })
  slack.workspace.scopes = slack.workspace.scopes.filter((scope) => !slackWithout.includes(scope))
  const release = releaseFrom(environment)
  const quay = simulateQuay({ clock: clock.now, origin, settings: { release, ...settings } })
  quay.registry.allowLoopbackWebhooks = true
  const onReset = async () => void (started && (await beginAgain(started)))
  const time = { now: clock.now, advance: (ms: number) => advance(ms) }
  const control = controlApi({ slack, quay, clock: time, onReset }, pageRoutes({ quay, origin, manifest }))
  const events = eventStream({ slack, quay })
  let started: Started | undefined
  const advance = async (ms: number) => {
    clock.advance(ms)
    slack.tick()
    quay.tick()
    // Reminders, expiries and other work that has become due.
    if (started) await sweepRequests(started.bot)
    if (started) await lookForDue(started.bot)
  }

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const pathname = pathOf(request)
    if (pathname.startsWith('/slack-sim/')) return slack.handle(request, response)
    if (pathname === '/_control/events') return events(response)
    if (pathname.startsWith('/_control/')) return control(request, response)
    if (pathname === '/' || pathname.startsWith('/page/')) return servePage(response, pathname)
    if (/^\/(api\/v1|config|repository|organization|user)(\/|$)/.test(pathname)) return quay.handle(request, response)
    if (started) return started.handle(request, response)
    // A request before the bot has started gets an explanation, instead of waiting forever.
    response.writeHead(503, { 'retry-after': '1' }).end()
  }
  server.on('request', (request, response) => {
    const problem = foreign(request)
    if (problem) response.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify({ ok: false, error: problem }))
    else void handle(request, response).catch((error: unknown) => failed(response, error))
  })
  server.on('upgrade', (request, socket, head) => (foreign(request) ? socket.destroy() : slack.upgrade(request, socket, head)))
  // An error in a simulator affects one answer, not the sandbox.
  const failed = (response: ServerResponse, error: unknown) => {
    started?.bot.log.error({ err: error }, 'a request failed')
    if (response.headersSent) response.destroy()
    else response.writeHead(500, { 'content-type': 'text/plain' }).end(`${error}\n`)
  }
  await listen(server, sandboxPort(environment), '127.0.0.1')

  const read = readConfig({
    MODE: 'sandbox',
    // A newcomer should see the banner and no log.
    LOG_LEVEL: environment.LOG_LEVEL ?? 'error',
    SLACK_BOT_TOKEN: slack.tokens.bot,
    // Also with Socket Mode, because Slackbot calls over HTTP; operators who do not think of that leave it empty.
    ...(environment.SLACK_SIGNING_SECRET !== '' && { SLACK_SIGNING_SECRET: slack.tokens.signingSecret }),
    ...(transport === 'socket' && { SLACK_APP_TOKEN: slack.tokens.app }),
    SLACK_API_URL: `${origin()}/slack-sim/api/`,
    QUAY_URL: registry?.url ?? origin(),
    QUAY_TOKEN: registry?.token ?? quay.tokenWith(botAccount, scopes ?? settings.scopes ?? allScopes),
    // The simulated Quay has no nginx with rate limits in front.
    QUAY_RATE: environment.QUAY_RATE ?? '1000',
    // Per user, because other users of the machine must not write into it.
    DATA_DIR: join(tmpdir(), `quaymaster-sandbox-${process.getuid?.() ?? ''}`),
    PUBLIC_URL: origin(),
    LANGUAGE: environment.LANGUAGE,
    TABLES: environment.TABLES,
    CHARTS: environment.CHARTS,
    PLANS: environment.PLANS,
    TABLE_BUTTONS: environment.TABLE_BUTTONS,
    SLACK_COMMAND: environment.SLACK_COMMAND,
  })
  if ('problems' in read) throw new Error(read.problems.join('\n'))
  if (transport === 'http') slack.transport({ mode: 'http', url: `${origin()}/slack/events` })
  const written = { policy: { ...sandboxPolicy(), ...policy } }
  // A start reads the file anew. It names commands.
  await loadCommands()
  const policyNow = () => (environment.POLICY_FILE === undefined ? written : policyIn(environment.POLICY_FILE))
  const setting = {
    config: read.config,
    database,
    keys: await secretsKey({ setting: environment.SECRETS_KEY ?? randomBytes(32).toString('base64') }),
    log: openLog(read.config, log),
    clock: clock.now,
  }
  let bot = await startBot({ ...setting, ...policyNow() })
  started = bot
  if (subscribed) await beginSubscribed(bot)
  return {
    origin: origin(),
    slack,
    quay,
    clock: { ...clock, advance },
    get bot() {
      return bot.bot
    },
    /** Stops the bot as SIGTERM does, and starts it again on the same database. */
    restart: async () => {
      await bot.stop()
      bot = await startBot({ ...setting, ...policyNow() })
      started = bot
    },
    stop: async () => {
      await bot.stop()
      await slack.stop()
      quay.stop()
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Throws `invalid` for a release that the simulated Quay does not know. */
function releaseFrom({ SANDBOX_QUAY: release = 'newest' }: Environment) {
  if (isRelease(release)) return release
  throw new Failure('invalid', 'The sandbox has no Quay {release}. It has {releases} and newest: npm start -- --quay 3.12', {
    release,
    releases: knownReleases.filter((one) => one !== 'newest').join(', '),
  })
}

/** A policy of one's own instead of the sandbox's. Throws `invalid` with its problems. */
function policyIn(path: string) {
  const read = readPolicy(path, commandProblem)
  if ('problems' in read) throw new Failure('invalid', '{problems}', { problems: read.problems.join('\n') })
  return { policy: read.policy, policyFile: { path, text: read.text ?? '' } }
}

interface Manifest {
  oauth_config: { scopes: { bot: string[] } }
}

/** With the variant for Slackbot (docs/operations.md), which everybody has here. */
function withSlackbot(written: string): unknown {
  const manifest = parse(written) as Manifest // the manifest of this repository
  const { bot, ...scopes } = manifest.oauth_config.scopes
  return {
    ...manifest,
    oauth_config: { ...manifest.oauth_config, scopes: { ...scopes, bot: [...bot, 'mcp:connect'] } },
    mcp_servers: { quay: { url: 'https://quaymaster.example.com/mcp/slack', auth_type: 'slack_identity_auth' } },
  }
}
