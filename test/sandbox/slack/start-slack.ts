import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { controlApi } from '../../../src/sandbox/control/control.ts'
import type { Fields } from '../../../src/sandbox/slack/json.ts'
import { type SimulatedSlack, simulateSlack } from '../../../src/sandbox/slack/simulate.ts'

export const manifest = {
  display_information: { name: 'Quaymaster' },
  features: {
    app_home: { home_tab_enabled: true, messages_tab_enabled: true },
    bot_user: { display_name: 'quaymaster' },
    slash_commands: [{ command: '/quay', description: 'Red Hat Quay', should_escape: true }],
    shortcuts: [
      { name: 'Request', type: 'global', callback_id: 'request', description: 'Request a repository' },
      { name: 'Quote', type: 'message', callback_id: 'quote', description: 'Quote it' },
    ],
    unfurl_domains: ['quay.example.com'],
  },
  oauth_config: {
    scopes: {
      bot: [
        'commands',
        'chat:write',
        'app_mentions:read',
        'im:history',
        'im:write',
        'users:read',
        'users:read.email',
        'usergroups:read',
        'channels:read',
        'links:read',
        'links:write',
        'files:write',
      ],
      bot_optional: ['channels:history'],
    },
  },
  settings: {
    event_subscriptions: {
      bot_events: [
        'app_home_opened',
        'app_mention',
        'message.im',
        'link_shared',
        'user_change',
        'subteam_members_changed',
        'member_joined_channel',
      ],
    },
    interactivity: { is_enabled: true },
    socket_mode_enabled: true,
  },
}

export interface Running {
  slack: SimulatedSlack
  origin: string
  /** Moves the clock; it stands still otherwise only where a test asks for that. */
  clock: { now(): number; advance(ms: number): void }
  registry: { faults: unknown[]; ticks: number }
  stop(): Promise<void>
}

/** A simulated Slack and its control API on a port of their own. */
export async function startSlack({ source = manifest, rateLimits }: { source?: unknown; rateLimits?: boolean } = {}): Promise<Running> {
  let offset = 0
  const clock = {
    now: () => Date.now() + offset,
    advance: (ms: number) => {
      offset += ms
    },
  }
  let origin = ''
  const slack = simulateSlack({ clock: clock.now, origin: () => origin, manifest: source, ...(rateLimits && { rateLimits }) })
  const registry = { faults: [] as unknown[], ticks: 0 }
  const quay = {
    exchanges: [],
    faults: (faults: unknown) => {
      registry.faults.push(faults)
    },
    tick: () => {
      registry.ticks += 1
    },
    reset: () => {},
    set: () => {},
    cleanUp: () => {},
    snapshot: () => ({ repositories: [] }),
  }
  const control = controlApi({ slack, quay, clock })
  const server = createServer((request, response) => {
    void (request.url?.startsWith('/_control/') ? control(request, response) : slack.handle(request, response))
  })
  server.on('upgrade', slack.upgrade)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const stop = async () => {
    await slack.stop()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { slack, origin, clock, registry, stop }
}

/** Calls a method as WebClient does: a form, the token in the header. */
export async function call(
  { slack, origin }: Pick<Running, 'slack' | 'origin'>,
  method: string,
  given: Record<string, unknown> = {},
  token = slack.tokens.bot,
) {
  const form = Object.entries(given).map(([key, value]) => [key, typeof value === 'object' ? JSON.stringify(value) : String(value)])
  const response = await fetch(`${origin}/slack-sim/api/${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(Object.fromEntries(form)),
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Fields }
}
