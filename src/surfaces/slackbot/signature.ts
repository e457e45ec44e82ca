import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

// In seconds, either way: a request of the future could be replayed until then.
const window = 300

/**
 * Whether Slack signed exactly these bytes within the last five minutes: `v0=` and the HMAC-SHA256 of `v0:timestamp:body` under the
 * signing secret (docs/slack.md §23). `now` is in milliseconds. Compares in constant time.
 */
export function isSignedBySlack(headers: IncomingHttpHeaders, body: Buffer, { secret, now }: { secret: string; now: number }): boolean {
  const timestamp = headers['x-slack-request-timestamp']
  const signature = headers['x-slack-signature']
  if (typeof timestamp !== 'string' || typeof signature !== 'string' || secret === '') return false
  if (!/^[0-9]{10}$/.test(timestamp) || Math.abs(now / 1000 - Number(timestamp)) > window) return false
  const wanted = Buffer.from(`v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`)
  const given = Buffer.from(signature)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}
