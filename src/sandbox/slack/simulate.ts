import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Delivery } from './deliver.ts'
import { challenge, sslCheck } from './http-delivery.ts'
import { handle } from './http-entry.ts'
import type { Fields } from './json.ts'
import { readManifest } from './manifest.ts'
import { type OnMessage, type OnView, press, pressInView } from './press.ts'
import { seedWorkspace } from './seed-workspace.ts'
import type { TrafficEntry } from './simulation.ts'
import { runDue, type Slack, type SlackFaults, type Tokens } from './simulation.ts'
import { type CalledTool, callTool, listTools, type ToolShown } from './slackbot.ts'
import { slash, type Typed } from './slash.ts'
import { acceptLinks, dismiss, hangUp, sendFrame } from './socket.ts'
import { closeView, type Filled, fill, type Submitted, submit } from './submit.ts'
import { suggestions } from './suggestions.ts'
import { announceUser, changeGroup, isReadOnly, joins, moves, openHome, rewrite, say, shortcut } from './surfaces.ts'
import type { Message, View, Workspace } from './workspace.ts'

export type { Delivery, SlackFaults, TrafficEntry, Workspace }

export interface SimulatedSlack {
  /** Everything under /slack-sim/: the Web API, response URLs, files. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** The WebSocket of Socket Mode, at /slack-sim/link/. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  readonly workspace: Workspace
  readonly traffic: TrafficEntry[]
  readonly tokens: Tokens
  /** The number of open sockets of the bot. */
  connections(): number
  /** Sends a raw frame over the first connection. Resolves when the envelope with this id is acknowledged; at once without an id. */
  frame(text: string, envelope?: string): Promise<void>
  faults(faults: SlackFaults | undefined): void
  /** The faults that are enabled and not used up. */
  fault(): SlackFaults
  transport(to: { mode: 'socket' } | { mode: 'http'; url: string }): void
  /** Slack's checks of a Request URL before its first use, and of its TLS. */
  verifies(url: string): Promise<{ challenge: boolean; ssl_check: number }>
  onChange(listener: () => void): () => void
  /** Runs everything that is due after the clock was moved by hand. */
  tick(): void
  reset(): void
  stop(): Promise<void>
  /** A person reloads their client: their ephemeral messages are gone (docs/slack.md §6). */
  reload(user: string): void
  // A person's actions.
  slash(from: Typed): Promise<Delivery>
  press(from: OnMessage): Promise<Delivery>
  /** Uses a button or menu inside a modal or App Home. */
  action(from: OnView): Promise<Delivery>
  fill(from: Filled): Promise<View>
  submit(from: Filled): Promise<Submitted>
  closeView(from: { user: string; view_id: string; all?: boolean }): Promise<Delivery>
  options(from: Parameters<typeof suggestions>[1]): Promise<Fields[]>
  home(user: string): Promise<Delivery>
  shortcut(from: Parameters<typeof shortcut>[1]): Promise<Delivery>
  say(from: Parameters<typeof say>[1]): Promise<Message>
  rewrite(from: Parameters<typeof rewrite>[1]): Promise<Message>
  /** Whether people can write to the bot in its messages tab. */
  messagesAreReadOnly(): boolean
  /** Adds a person, or the bot by its id, to a channel. */
  joins(user: string, channel: string): Promise<Delivery>
  /** A channel gets another id. */
  channelMoves(from: string, to: string): Promise<Delivery>
  /** Sends the events for changes that a test made in workspace.users. */
  userChanged(user: string): Promise<Delivery>
  groupChanged(group: string, users: string[]): Promise<Delivery>
  // Slack's own Slackbot, which calls the app's tools for a person.
  listTools(): Promise<Fields[]>
  callTool(from: CalledTool): Promise<ToolShown>
}

export interface Options {
  clock: () => number
  /** The simulator's own URL, for response URLs, sockets and uploads. */
  origin: () => string
  /** The parsed manifest.yml: commands, scopes, events, features. */
  manifest: unknown
  /** Whether Slack's rate limits apply from the start. */
  rateLimits?: boolean
}

/** A simulated Slack with one workspace and one installed app, as strict as the original. */
export function simulateSlack({ clock, origin, manifest, rateLimits = false }: Options): SimulatedSlack {
  const listeners = new Set<() => void>()
  const changed = () => {
    for (const listener of listeners) listener()
  }
  const slack = begin({ clock, origin, manifest, rateLimits, changed })
  return {
    handle: (request, response) => handle(slack, request, response),
    upgrade: acceptLinks(slack),
    get workspace() {
      return slack.workspace
    },
    get traffic() {
      return slack.traffic
    },
    tokens: slack.tokens,
    connections: () => slack.links.length,
    frame: (text, envelope) => sendFrame(slack, text, envelope),
    faults: (faults) => switchFaults(slack, faults ?? {}),
    fault: () => (slack.faults.rateLimit?.times === 0 ? {} : slack.faults),
    transport: (to) => {
      slack.transport = to
    },
    verifies: async (url) => ({ challenge: await challenge(slack, url), ssl_check: await sslCheck(url) }),
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    tick: () => {
      runDue(slack)
      // Even if nothing was due, the page must show the new day.
      slack.changed()
    },
    reset: () => reset(slack),
    stop: () => stop(slack),
    reload: (user) => {
      slack.workspace.messages = slack.workspace.messages.filter(({ only_for }) => only_for !== user)
      slack.changed()
    },
    slash: (from) => slash(slack, from),
    press: (from) => press(slack, from),
    action: (from) => pressInView(slack, from),
    fill: (from) => fill(slack, from),
    submit: (from) => submit(slack, from),
    closeView: (from) => closeView(slack, from),
    options: (from) => suggestions(slack, from),
    home: (user) => openHome(slack, user),
    shortcut: (from) => shortcut(slack, from),
    say: (from) => say(slack, from),
    rewrite: (from) => rewrite(slack, from),
    messagesAreReadOnly: () => isReadOnly(slack),
    joins: (user, channel) => joins(slack, user, channel),
    channelMoves: (from, to) => moves(slack, from, to),
    userChanged: (user) => announceUser(slack, user),
    groupChanged: (group, users) => changeGroup(slack, group, users),
    listTools: () => listTools(slack),
    callTool: (from) => callTool(slack, from),
  }
}

function begin({ clock, origin, manifest, rateLimits, changed }: Required<Options> & { changed: () => void }): Slack {
  const read = readManifest(manifest)
  return {
    workspace: seedWorkspace(read.scopes, rateLimits),
    manifest: read,
    tokens: {
      bot: `xoxb-sandbox-${randomBytes(12).toString('hex')}`,
      app: `xapp-1-sandbox-${randomBytes(12).toString('hex')}`,
      signingSecret: randomBytes(16).toString('hex'),
    },
    traffic: [],
    faults: {},
    transport: { mode: 'socket' },
    links: [],
    tickets: [],
    triggers: [],
    responseUrls: [],
    calls: [],
    rateLimits,
    agenda: [],
    held: [],
    consents: new Set(),
    timers: new Set(),
    counter: 0,
    lastTs: 0,
    clock,
    origin,
    changed,
  }
}

function switchFaults(slack: Slack, { disconnect, ...lasting }: SlackFaults) {
  slack.faults = lasting
  if (!lasting.hold) for (const send of slack.held.splice(0)) send()
  slack.changed()
  if (!disconnect) return
  const reason = disconnect === true ? 'refresh_requested' : disconnect
  for (const link of [...slack.links]) dismiss(link, reason)
}

/** Resets the workspace; the bot stays connected. */
function reset(slack: Slack) {
  slack.workspace = seedWorkspace(slack.manifest.scopes, slack.rateLimits)
  Object.assign(slack, { traffic: [], faults: {}, triggers: [], responseUrls: [], calls: [], agenda: [], held: [], consents: new Set() })
  slack.changed()
}

async function stop(slack: Slack) {
  for (const timer of slack.timers) clearTimeout(timer)
  slack.agenda = []
  await Promise.all(slack.links.map(hangUp))
}
