import { ErrorCode } from '@slack/web-api'
import { Failure } from '../core/failure.ts'

/** Slack's words for a trouble of its own, which passes (slack/facts.md §6). */
export const passing = new Set(['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout', 'team_added_to_org'])

// The classes of @slack/web-api: what they have in common is a code.
interface Thrown {
  code?: string
  statusCode?: number
  data?: { error?: string }
}

/** What it means to a person that a call of Slack's was refused, got no answer or too many were made; undefined where that is our own fault. */
export function slackFailure(thrown: unknown): Failure | undefined {
  const { code, statusCode = 0, data } = (thrown ?? {}) as Thrown
  // Which clients do not sit out: `rejectRateLimitedCalls`.
  if (code === ErrorCode.RateLimitedError)
    return new Failure('unavailable', 'Slack takes no more messages for the moment.', {}, { cause: code })
  const passes = code === ErrorCode.PlatformError && passing.has(data?.error ?? '')
  if (code === ErrorCode.RequestError || (code === ErrorCode.HTTPError && statusCode >= 500) || passes)
    return new Failure('unavailable', 'Slack does not answer as it should right now.', {}, { cause: code })
  return undefined
}
