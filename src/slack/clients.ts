import { setTimeout as wait } from 'node:timers/promises'
import { WebClient, type WebClientOptions } from '@slack/web-api'
import type { Logger } from 'pino'
import { type Cache, openCache } from '../core/ttl-cache.ts'
import { boltLogger } from './bolt-log.ts'
import { readSlackError } from './errors.ts'

/** Slack as the bot uses it. Several clients, because a 429 pauses all calls of one (docs/SECURITY.md rule 26). */
export interface Slack {
  /** For what a person waits for: `views.*`. Never retried: the trigger lives three seconds. */
  modals: WebClient
  /** For what may be asked again: never to post. */
  messages: WebClient
  files: WebClient
  /** For everything that is posted. Never retried by the client: after a lost answer the message may stand there already. */
  cards: WebClient
  /** For App Homes, which are drawn when nobody waits. */
  homes: WebClient
  /** For what a decision waits for: who somebody is. */
  directory: WebClient
  team: string
  /** `https://acme.slack.com/`: where links to messages begin. */
  url: string
  /** Set when the app is installed for a whole Enterprise Grid. */
  enterprise: string | undefined
  /** The bot's own user, and its id as a bot. */
  user: string
  bot: string
  /** Who people and user groups are, for at most a minute. */
  people: Cache
  /** On an Enterprise Grid: the id that a person has in all of it, by the one in a workspace. */
  aliases: Map<string, string>
  /** People and user groups that Slack does not know (any more), with its word for it. */
  unknown: Map<string, string>
  log: Logger
  /** How long is waited, in milliseconds, before a modal is shown again that Slack did not take. */
  pauses: number[]
}

/** Opens the clients and asks Slack who the bot is. Throws what `auth.test` throws, but for a 429 only the tenth. */
export async function openSlack({
  token,
  url,
  log,
  clock,
}: {
  token: string
  url: string
  log: Logger
  clock: () => number
}): Promise<Slack> {
  const client = (options: WebClientOptions) => new WebClient(token, { ...clientOptions(url, log), ...options })
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
    log,
    pauses: [300, 1_000, 3_000, 10_000, 20_000, 30_000],
  }
}

const startsAtMost = 10

/** Slack may be too busy at the very moment that the bot starts: it is asked again when Slack says so. */
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

/** What a person's rows are kept under: the Enterprise Grid where there is one, else the workspace. */
export function teamOf({ enterprise, team }: Pick<Slack, 'enterprise' | 'team'>) {
  return enterprise ?? team
}

/** What all clients share: no long retries that would hold back everything behind them, and a log that is redacted. */
export function clientOptions(url: string, log: Logger): WebClientOptions {
  return {
    slackApiUrl: url,
    retryConfig: { retries: 2, factor: 2, minTimeout: 300 },
    timeout: 10_000,
    rejectRateLimitedCalls: true,
    logger: boltLogger(log),
  }
}
