import { type Delivery, deliver } from './deliver.ts'
import type { Fields } from './json.ts'
import { appId, botUser, team } from './people.ts'
import { later, nextId, type Slack, seconds } from './simulation.ts'

// Retries over a socket come after about four seconds; over HTTP at once, after one minute and after five (docs/slack.md §4, §5).
const pauses = { socket: [4000, 4000, 4000], http: [0, 60_000, 300_000] }

/** The name by which an event is subscribed to; message events differ by the kind of channel. */
function subscription(event: Fields) {
  return event.type === 'message' ? `message.${kinds[String(event.channel_type)]}` : String(event.type)
}

const kinds: Record<string, string> = { im: 'im', channel: 'channels', group: 'groups' }

// Without its scope an event is never sent, even if the manifest subscribes to it (docs/slack.md §4).
const scopes: Record<string, string> = {
  app_mention: 'app_mentions:read',
  'message.im': 'im:history',
  'message.channels': 'channels:history',
  'message.groups': 'groups:history',
  link_shared: 'links:read',
  user_change: 'users:read',
  subteam_members_changed: 'usergroups:read',
  member_joined_channel: 'channels:read',
}

/** Sends an event to the bot if its manifest subscribes to it, and again if it is not acknowledged. */
export async function emit(slack: Slack, event: Fields, about: { channel?: string } = {}): Promise<Delivery> {
  const name = subscription(event)
  const scope = scopes[name]
  const wanted = slack.manifest.events.includes(name) && (!scope || slack.workspace.scopes.includes(scope))
  if (!wanted) return { ok: false, ack_ms: 0, ack: undefined, error: 'not_subscribed' }
  const payload = envelope(slack, event, about.channel)
  if (!slack.faults.hold) return send(slack, payload, 0)
  slack.held.push(() => void send(slack, payload, 0))
  return { ok: false, ack_ms: 0, ack: undefined, error: 'held' }
}

function envelope(slack: Slack, event: Fields, channel: string | undefined): Fields {
  return {
    token: 'verification-token-sandbox',
    team_id: team,
    context_team_id: team,
    context_enterprise_id: null,
    api_app_id: appId,
    event,
    type: 'event_callback',
    event_id: nextId(slack, 'Ev'),
    event_time: seconds(slack),
    authorizations: [{ enterprise_id: null, team_id: team, user_id: botUser, is_bot: true, is_enterprise_install: false }],
    is_ext_shared_channel: slack.workspace.channels.some(({ id, is_ext_shared }) => id === channel && is_ext_shared),
    event_context: `1-${String(event.type)}-${team}-${channel ?? ''}`,
  }
}

async function send(slack: Slack, payload: Fields, attempt: number, reason = ''): Promise<Delivery> {
  const outcome = await deliver(slack, 'events_api', payload, attempt > 0 ? { attempt, reason } : undefined)
  const pause = pauses[slack.transport.mode][attempt]
  if (!outcome.ok && !outcome.final && pause !== undefined) {
    later(slack, pause, () => void send(slack, payload, attempt + 1, outcome.reason ?? 'timeout'))
  }
  return outcome
}
