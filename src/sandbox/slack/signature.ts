import { createHmac } from 'node:crypto'

/** Slack's signature of a request: HMAC-SHA256 over version, time and raw body (docs/slack.md §4). */
export function signature(secret: string, timestamp: string | number, body: string) {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`
}
