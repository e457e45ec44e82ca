import { randomBytes } from 'node:crypto'
import { type Fields, fieldsOf, parsed } from './json.ts'
import { signature } from './signature.ts'
import { type Slack, seconds } from './simulation.ts'

export interface Heard {
  /** Undefined: no answer, or a late one. */
  status?: number
  body?: unknown
  /** The receiver asked for no retry. */
  final?: boolean
  reason?: 'http_timeout' | 'connection_failed' | 'http_error'
}

/** The body of a delivery in Slack's format: a form for interactions, JSON for events. */
export function written(kind: string, payload: Fields): { type: string; body: string } {
  if (kind === 'events_api') return { type: 'application/json', body: JSON.stringify(payload) }
  const form = kind === 'slash_commands' ? strings(payload) : { payload: JSON.stringify(payload) }
  // Bolt compares the content type with ===, so a charset would break it (docs/slack.md §2).
  return { type: 'application/x-www-form-urlencoded', body: new URLSearchParams(form).toString() }
}

function strings(payload: Fields) {
  return Object.fromEntries(Object.entries(payload).map(([key, value]) => [key, String(value)]))
}

/** Posts to the bot's Request URL with a valid signature. */
export async function postSigned(
  slack: Slack,
  url: string,
  kind: string,
  payload: Fields,
  more: Record<string, string> = {},
): Promise<Heard> {
  const { type, body } = written(kind, payload)
  const timestamp = String(seconds(slack))
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': type,
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': signature(slack.tokens.signingSecret, timestamp, body),
        ...more,
      },
      body,
      signal: AbortSignal.timeout(slack.workspace.ackDeadline),
    })
    const text = await response.text()
    if (!response.ok) return { status: response.status, reason: 'http_error', final: response.headers.get('x-slack-no-retry') === '1' }
    return { status: response.status, body: text === '' ? undefined : parsed(text) }
  } catch (error) {
    return { reason: error instanceof Error && error.name === 'TimeoutError' ? 'http_timeout' : 'connection_failed' }
  }
}

/** Verifies that the bot owns its Request URL: it must return the challenge (doc-examples/payload.url_verification.json). */
export async function challenge(slack: Slack, url: string) {
  const asked = randomBytes(20).toString('hex')
  const { body } = await postSigned(slack, url, 'events_api', {
    token: 'verification-token-sandbox',
    challenge: asked,
    type: 'url_verification',
  })
  return body === asked || fieldsOf(body).challenge === asked
}

/** Slack checks from time to time that the URL is served by TLS. This request is not signed (docs/slack.md §2). */
export async function sslCheck(url: string) {
  const body = new URLSearchParams({ ssl_check: '1', token: 'verification-token-sandbox' }).toString()
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body })
  return response.status
}
