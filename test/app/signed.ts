import { signature } from '../../src/sandbox/slack/signature.ts'

export interface Signing {
  secret: string
  /** Seconds since 1970. */
  at?: number
  /** Instead of the right one; null: none. */
  signature?: string | null
  timestamp?: string | null
}

/** Posts to the bot as Slack does, or nearly so. */
export async function postAsSlack(origin: string, body: string, type: string, { secret, at = Date.now() / 1000, ...forged }: Signing) {
  const timestamp = forged.timestamp === undefined ? String(Math.floor(at)) : forged.timestamp
  const signed = forged.signature === undefined ? signature(secret, timestamp ?? '', body) : forged.signature
  const response = await fetch(`${origin}/slack/events`, {
    method: 'POST',
    headers: {
      'content-type': type,
      ...(timestamp !== null && { 'x-slack-request-timestamp': timestamp }),
      ...(signed !== null && { 'x-slack-signature': signed }),
    },
    body,
  })
  return { status: response.status, text: await response.text() }
}

export const form = 'application/x-www-form-urlencoded'
export const json = 'application/json'

export function slash(text: string, more: Record<string, string> = {}) {
  return new URLSearchParams({
    token: 'x',
    team_id: 'T0QUAY',
    channel_id: 'C0ACMEDEV',
    user_id: 'U0BEA',
    command: '/quay',
    text,
    api_app_id: 'A0QUAY',
    is_enterprise_install: 'false',
    trigger_id: `1.${Math.random()}`,
    ...more,
  }).toString()
}

/** A payload of something that was pressed, chosen or submitted. */
export function interactive(payload: unknown) {
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
}

export const pressed = {
  user: { id: 'U0BEA', team_id: 'T0QUAY' },
  api_app_id: 'A0QUAY',
  token: 'x',
  team: { id: 'T0QUAY' },
  enterprise: null,
  is_enterprise_install: false,
  trigger_id: '1.2',
  container: { type: 'message', channel_id: 'C0ACMEDEV', message_ts: '1.1' },
  channel: { id: 'C0ACMEDEV', name: 'acme-dev' },
}

/** The same number gives the same numbers. */
export function seeded(seed: number) {
  let state = (seed * 2_654_435_761 + 1) % 2_147_483_648
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}
