import type { WebSocket } from 'ws'
import type { Edition } from './block-kit-check.ts'
import type { Fields } from './json.ts'
import type { Manifest } from './manifest.ts'
import type { Workspace } from './workspace.ts'

/** Faults that a person or a test enables; each stays until it is disabled, or for `times` calls. */
export interface SlackFaults {
  /** 429 with Retry-After, for one method, one channel, or all. */
  rateLimit?: { method?: string; channel?: string; retryAfter: number; times?: number }
  /** Every call to the Web API is answered with this status. */
  status?: number
  /** The call takes effect, but its answer is lost. */
  cutAnswer?: { method?: string; times?: number }
  /** Faults of single methods. */
  failing?: Failing[]
  /** Acknowledgements are lost. */
  dropAck?: boolean
  /** Every envelope is delivered twice. */
  duplicate?: boolean
  /** Events are not sent until this fault ends, and come late then. */
  hold?: boolean
  /** All sockets get a disconnect request, once. */
  disconnect?: boolean | 'warning' | 'refresh_requested' | 'link_disabled'
  /** These channels are treated as archived. */
  archived?: string[]
  /** Delays answers of the Web API and deliveries by so many milliseconds. */
  latencyMs?: number
  /** Which Slack it is: without tables, charts and plans, or with the smaller tables of before. */
  blocks?: Edition
}

export interface Tokens {
  bot: string
  app: string
  signingSecret: string
}

export interface Trigger {
  id: string
  user: string
  issued: number
  used: boolean
  /** The modal or App Home of the trigger; only such a trigger can push a view. */
  view?: string
}

export interface ResponseUrl {
  path: string
  issued: number
  uses: number
  user: string
  channel: string
  /** The message of the pressed button. A slash command has none, so it can replace nothing (docs/slack.md §2). */
  message?: string
}

/** One fault of calls. Several may be enabled at once; the first that matches applies. */
export interface Failing {
  /** A method of the Web API, or `response_url`; every method if absent. */
  method?: string
  /** Only calls about this channel. */
  channel?: string
  /**
   * The effect on the call: `ratelimited` (429), a status such as `500`, `lost` (it takes effect but its answer is lost),
   * `cut` (the call itself is lost); anything else is an error code of Slack's, such as `missing_scope` or `is_archived`.
   */
  error: string
  /** The Retry-After of a 429, in seconds. */
  retryAfter?: number
  /** This many calls succeed first. */
  skip?: number
  /** Begins after a call to this method. */
  after?: string
  /** Ends after this many calls. */
  times?: number
  /** Applies only while this returns true: for tests in the same process. */
  when?: () => boolean
}

/** One open WebSocket of the bot. */
export interface Link {
  socket: WebSocket
  waiting: Map<string, (ack: unknown) => void>
}

export interface Ticket {
  id: string
  issued: number
}

/** One recorded message between Slack and the bot, redacted. */
export interface TrafficEntry {
  id: number
  at: number
  /** To the bot: a delivery. From the bot: a call to the Web API, a response_url or an upload. */
  direction: 'to bot' | 'from bot'
  /** slash_commands, interactive, events_api, call, response_url or upload. */
  kind: string
  /** The method, or the type of the delivery. */
  name: string
  transport: 'socket' | 'http'
  request: unknown
  answer: unknown
  status?: number
  ms: number
  error?: string
}

export interface Due {
  at: number
  run: () => void
}

/** The running simulation, shared by all its parts. */
export interface Slack {
  workspace: Workspace
  manifest: Manifest
  tokens: Tokens
  traffic: TrafficEntry[]
  faults: SlackFaults
  transport: { mode: 'socket' } | { mode: 'http'; url: string }
  links: Link[]
  tickets: Ticket[]
  triggers: Trigger[]
  responseUrls: ResponseUrl[]
  /** Calls of the last minute per method and channel, for the rate limits. */
  calls: { key: string; at: number }[]
  /** Whether the rate limits apply again after a reset. */
  rateLimits: boolean
  agenda: Due[]
  /** Events that wait for the end of the fault `hold`. */
  held: (() => void)[]
  /** Tools that a person always allows Slackbot to use: `U0ALICE quay_list_tags`. */
  consents: Set<string>
  timers: Set<NodeJS.Timeout>
  counter: number
  /** Why the last response_action was refused. The person only sees that there was trouble. */
  lastProblem?: Fields
  lastTs: number
  clock: () => number
  origin: () => string
  changed: () => void
}

/** The next id of its kind in Slack's format: a letter and capitals. */
export function nextId(slack: Slack, prefix: string) {
  slack.counter += 1
  return `${prefix}0${slack.counter.toString(36).toUpperCase().padStart(6, '0')}`
}

/** A unique, increasing timestamp: seconds and microseconds. */
export function nextTs(slack: Slack) {
  slack.lastTs = Math.max(slack.clock() * 1000, slack.lastTs + 1)
  return `${Math.floor(slack.lastTs / 1_000_000)}.${String(slack.lastTs % 1_000_000).padStart(6, '0')}`
}

/** The present time in Unix seconds. */
export function seconds(slack: Slack) {
  return Math.floor(slack.clock() / 1000)
}

/** Runs something when the clock reaches a time, by itself or by hand. */
export function later(slack: Slack, ms: number, run: () => void) {
  slack.agenda.push({ at: slack.clock() + ms, run })
  const timer = setTimeout(() => {
    slack.timers.delete(timer)
    runDue(slack)
  }, ms + 1)
  timer.unref()
  slack.timers.add(timer)
}

/** Runs everything that is due. */
export function runDue(slack: Slack) {
  const now = slack.clock()
  const due = slack.agenda.filter(({ at }) => at <= now)
  slack.agenda = slack.agenda.filter(({ at }) => at > now)
  for (const { run } of due) run()
}
