import type { Fields } from './json.ts'
import { textOf } from './json.ts'
import type { Slack } from './simulation.ts'

/** The seconds to wait before this call, or undefined: by an enabled fault, or by Slack's own limits. */
export function waitFor(slack: Slack, name: string, perMinute: number, given: Fields): number | undefined {
  return (
    faulty(slack, name, textOf(given.channel)) ??
    (slack.workspace.rateLimits ? overLimit(slack, name, perMinute, textOf(given.channel)) : undefined)
  )
}

function faulty({ faults }: Slack, name: string, channel: string) {
  const fault = faults.rateLimit
  if (!fault || name === 'apps.connections.open') return undefined
  // Response URLs have a limit of their own; a fault applies to them only if it names them.
  if (name === 'response_url' && fault.method !== name) return undefined
  if (fault.method && fault.method !== name) return undefined
  if (fault.channel && fault.channel !== channel) return undefined
  if (fault.times !== undefined) {
    if (fault.times <= 0) return undefined
    fault.times -= 1
  }
  return fault.retryAfter
}

// Posting is limited to one message per second and channel; other methods have a limit per minute (docs/slack.md §6 rate limits).
function overLimit(slack: Slack, name: string, perMinute: number, channel: string) {
  const posts = name === 'chat.postMessage'
  const key = posts ? `${name} ${channel}` : name
  const [allowed, period] = posts ? [1, 1000] : [perMinute, 60_000]
  const now = slack.clock()
  slack.calls = slack.calls.filter(({ at }) => now - at < 60_000)
  const recent = slack.calls.filter((call) => call.key === key && now - call.at < period)
  const oldest = Number.isFinite(allowed) ? recent.at(-allowed) : undefined
  if (oldest) return Math.max(1, Math.ceil((oldest.at + period - now) / 1000))
  slack.calls.push({ key, at: now })
  return undefined
}
