import { type Delivery, deliver } from './deliver.ts'
import type { Fields } from './json.ts'
import { appId, botUser, team } from './people.ts'
import { later, nextId, type Slack, seconds } from './simulation.ts'

// Over a socket again after about four seconds; over HTTP at once, after a minute and after five (facts §4, §5).
const pauses = { socket: [4000, 4000, 4000], http: [0, 60_000, 300_000] }

/** The name an event is subscribed by: messages are told apart by where they are. */
function subscription(event: Fields) {
  return event.type === 'message' ? `message.${event.channel_type === 'im' ? 'im' : 'channels'}` : String(event.type)
}

/** Tells the bot that something happened, if its manifest asks for that, and again when it does not acknowledge. */
export async function emit(slack: Slack, event: Fields, about: { channel?: string } = {}): Promise<Delivery> {
  if (!slack.manifest.events.includes(subscription(event))) return { ok: false, ack_ms: 0, ack: undefined, error: 'not_subscribed' }
  return send(slack, envelope(slack, event, about.channel), 0)
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
