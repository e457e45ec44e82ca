import { setTimeout as wait } from 'node:timers/promises'
import { WebClient, type WebClientOptions } from '@slack/web-api'
import type { Logger } from 'pino'
import type { Network } from '../core/network.ts'
import { type Cache, openCache } from '../core/ttl-cache.ts'
import { boltLogger } from './bolt-log.ts'
import { type Drawing, type DrawingSettings, openDrawing } from './drawing.ts'
import { readSlackError } from './errors.ts'
import { observed, type SlackObserver } from './observe.ts'

/** The clients of Slack. There are several, because a 429 pauses all calls of one (docs/SECURITY.md rule 26). */
export interface Slack {
  /** For calls that a person waits for: `views.*`. Never retried, because the trigger expires after three seconds. */
  modals: WebClient
  /** For idempotent calls only, never for posts. */
  messages: WebClient
  files: WebClient
  /** For all posts. Never retried by the client, because after a lost answer the message may exist already. */
  cards: WebClient
  /** For App Homes, which are published in the background. */
  homes: WebClient
  /** For calls that a decision waits for: reading users. */
  directory: WebClient
  team: string
  /** `https://acme.slack.com/`, the beginning of links to messages. */
  url: string
  /** Set if the app is installed for a whole Enterprise Grid. */
  enterprise: string | undefined
  /** The bot's own user, and its bot id. */
  user: string
  bot: string
  /** Cache of people and user groups, for at most a minute. */
  people: Cache
  /** On an Enterprise Grid: a person's id in the whole grid, by their id in a workspace. */
  aliases: Map<string, string>
  /** People and user groups that Slack does not know, with its error code. */
  unknown: Map<string, string>
  /** The way to Slack, also for files and sockets. */
  network: Network
  log: Logger
  drawing: Drawing
  /** Told of every call, for the metrics. */
  observe: SlackObserver
  /** Milliseconds to wait before a view that Slack did not accept is shown again. */
  pauses: number[]
}

/** Creates the clients and calls `auth.test`. Throws its error; a 429 only after ten attempts. */
export async function openSlack({
  token,
  url,
  network,
  log,
  clock,
  drawing,
  observe,
}: {
  token: string
  url: string
  network: Network
  log: Logger
  clock: () => number
  drawing: DrawingSettings
  observe: SlackObserver
}): Promise<Slack> {
  const client = (options: WebClientOptions) => new WebClient(token, { ...clientOptions({ url, network, log, observe }), ...options })
  const messages = client({})
  const me = await whoAmI(messages)
  return {
    modals: client({ retryConfig: { retries: 0 }, timeout: 3_000 }),
    messages,
    files: client({ retryConfig: { retries: 0 }, timeout: 60_000 }),
    cards: client({ retryConfig: { retries: 0 } }),
    homes: client({ retryConfig: { retries: 0 } }),
    directory: client({ retryConfig: { retries: 1, minTimeout: 200 }, timeout: 5_000 }),
    team: me.team_id ?? '',
    url: me.url ?? '',
    enterprise: me.is_enterprise_install ? me.enterprise_id : undefined,
    user: me.user_id ?? '',
    bot: me.bot_id ?? '',
    people: openCache(60, clock),
    aliases: new Map(),
    unknown: new Map(),
    network,
    log,
    drawing: openDrawing(drawing, clock),
    observe,
    pauses: [300, 1_000, 3_000, 10_000, 20_000, 30_000],
  }
}

const startsAtMost = 10

/** Slack may rate limit at the moment of the start, so the call is repeated when Slack says. */
async function whoAmI({ auth }: WebClient) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await auth.test()
    } catch (error) {
      const problem = readSlackError(error)
      if (problem?.kind !== 'limited' || tries === startsAtMost) throw error
      await wait(problem.seconds * 1_000)
    }
  }
}

/** The key of a person's rows: the Enterprise Grid if there is one, otherwise the workspace. */
export function teamOf({ enterprise, team }: Pick<Slack, 'enterprise' | 'team'>) {
  return enterprise ?? team
}

/** Options of all clients: no long retries, which would block later calls, and a redacted log. */
export function clientOptions({
  url,
  network,
  log,
  observe,
}: {
  url: string
  network: Network
  log: Logger
  observe: SlackObserver
}): WebClientOptions {
  return {
    slackApiUrl: url,
    // Bolt takes it for response URLs too.
    fetch: observed(network.fetch, url, observe),
    retryConfig: { retries: 2, factor: 2, minTimeout: 300 },
    timeout: 10_000,
    rejectRateLimitedCalls: true,
    logger: boltLogger(log),
  }
}
