import type { WebSocket } from 'ws'
import type { Fields } from './json.ts'
import type { Manifest } from './manifest.ts'
import type { Workspace } from './workspace.ts'

/** Faults a person or a test switches on; each holds until it is switched off, or for `times` calls. */
export interface SlackFaults {
  /** 429 with Retry-After, for one method, one channel, or all. */
  rateLimit?: { method?: string; channel?: string; retryAfter: number; times?: number }
  /** Every call of the Web API answers with this status. */
  status?: number
  /** The call takes effect, but its answer is lost on the way. */
  cutAnswer?: { method?: string; times?: number }
  /** Single methods go wrong, each in its own way. */
  failing?: Failing[]
  /** Acknowledgements are not heard. */
  dropAck?: boolean
  /** Every envelope is delivered twice. */
  duplicate?: boolean
  /** All sockets are told to go, once. */
  disconnect?: boolean | 'warning' | 'refresh_requested' | 'link_disabled'
  /** These channels count as archived. */
  archived?: string[]
  /** Web API answers and deliveries take this much longer. */
  latencyMs?: number
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
  /** The modal or home it came from; only such a trigger pushes. */
  view?: string
}

export interface ResponseUrl {
  path: string
  issued: number
  uses: number
  user: string
  channel: string
  /** The message whose button was pressed. A slash command has none, so nothing it could replace (docs/slack.md §2). */
  message?: string
}

/** One way for calls to go wrong. Several may be switched on at once; the first that fits is the one. */
export interface Failing {
  /** A method of the Web API, or `response_url`; every method where it is left out. */
  method?: string
  /** Only calls about this channel. */
  channel?: string
  /**
   * What becomes of the call: `ratelimited` (429), a status of its own such as `500`, `lost` (it takes effect and its answer never
   * arrives), `cut` (it never arrives itself); anything else is Slack's word for a refusal, such as `missing_scope` or `is_archived`.
   */
  error: string
  /** Seconds that a 429 asks for. */
  retryAfter?: number
  /** So many calls work before. */
  skip?: number
  /** Begins once this method has been called. */
  after?: string
  /** Ends after so many calls. */
  times?: number
  /** Holds only while this says so: for tests in the same process. */
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

/** One thing that went over the wire, in either direction, without what nobody may read. */
export interface TrafficEntry {
  id: number
  at: number
  /** To the bot: a delivery. From the bot: a call of the Web API, a response_url or an upload. */
  direction: 'to bot' | 'from bot'
  /** slash_commands, interactive, events_api, call, response_url or upload. */
  kind: string
  /** The method, or the type of what was delivered. */
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

/** The running simulation: everything its parts share. */
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
  /** Whether the limits are on again after a reset. */
  rateLimits: boolean
  agenda: Due[]
  timers: Set<NodeJS.Timeout>
  counter: number
  /** Why the last response_action was refused: the person sees only that there was trouble. */
  lastProblem?: Fields
  lastTs: number
  clock: () => number
  origin: () => string
  changed: () => void
}

/** The next id of its kind, as Slack writes them: a letter and capitals. */
export function nextId(slack: Slack, prefix: string) {
  slack.counter += 1
  return `${prefix}0${slack.counter.toString(36).toUpperCase().padStart(6, '0')}`
}

/** A timestamp nobody else has: seconds and microseconds, always growing. */
export function nextTs(slack: Slack) {
  slack.lastTs = Math.max(slack.clock() * 1000, slack.lastTs + 1)
  return `${Math.floor(slack.lastTs / 1_000_000)}.${String(slack.lastTs % 1_000_000).padStart(6, '0')}`
}

/** Unix seconds now. */
export function seconds(slack: Slack) {
  return Math.floor(slack.clock() / 1000)
}

/** Runs something when the clock has moved on this far, whether by itself or by hand. */
export function later(slack: Slack, ms: number, run: () => void) {
  slack.agenda.push({ at: slack.clock() + ms, run })
  const timer = setTimeout(() => {
    slack.timers.delete(timer)
    runDue(slack)
  }, ms + 1)
  timer.unref()
  slack.timers.add(timer)
}

/** Runs what the clock has reached. */
export function runDue(slack: Slack) {
  const now = slack.clock()
  const due = slack.agenda.filter(({ at }) => at <= now)
  slack.agenda = slack.agenda.filter(({ at }) => at > now)
  for (const { run } of due) run()
}
