import { ErrorCode } from '@slack/web-api'
import { connectionProblem, isRefusedByProxy } from '../core/connection-problem.ts'
import { Failure } from '../core/failure.ts'

/** Why a call to Slack failed. This is the only classification of such errors (docs/slack.md §6). */
export type SlackError =
  /** Rate limited: the call was not done, and can be repeated after so many seconds. */
  | { kind: 'limited'; seconds: number; error: string }
  /** The answer was lost, or Slack had an internal error: the call may have been done. */
  | { kind: 'lost'; error: string }
  /** The call never left this machine. */
  | { kind: 'unreachable'; error: string }
  /** The app was installed without this scope. */
  | { kind: 'scope'; scope: string; error: string }
  /** The token is revoked, expired or invalid. */
  | { kind: 'token'; error: string }
  /** The channel is archived, unknown to the bot, or does not accept its messages. */
  | { kind: 'channel'; error: string }
  /** The user or user group does not exist. */
  | { kind: 'person'; error: string }
  /** The message, thread or view does not exist. */
  | { kind: 'gone'; error: string }
  /** The trigger has expired (three seconds) or was used before. */
  | { kind: 'trigger'; error: string }
  /** A bug of ours in the arguments. */
  | { kind: 'refused'; error: string; detail: string }

const words = (text: string) => text.trim().split(/\s+/)

const wordsOf: Record<Exclude<SlackError['kind'], 'unreachable' | 'refused'>, string> = {
  limited: 'ratelimited rate_limited message_limit_exceeded too_many_requests',
  lost: 'internal_error fatal_error service_unavailable request_timeout team_added_to_org',
  scope: 'missing_scope no_permission not_allowed_token_type',
  token: `not_authed invalid_auth account_inactive token_revoked token_expired org_login_required access_denied team_access_not_granted
      two_factor_setup_required ekm_access_denied enterprise_is_restricted team_disabled user_removed_from_team`,
  channel: `channel_not_found not_in_channel is_archived is_inactive restricted_action restricted_action_read_only_channel
      restricted_action_non_threadable_channel restricted_action_thread_only_channel posting_to_channel_denied
      channel_is_limited_access messages_tab_disabled user_not_in_channel`,
  person: `user_not_found users_not_found user_not_visible user_disabled cannot_dm_bot no_such_subteam subteam_not_found
      plan_upgrade_required`,
  gone: `message_not_found cant_update_message edit_window_closed cannot_reply_to_message thread_not_found not_found used_url
      expired_url`,
  trigger: 'expired_trigger_id exchanged_trigger_id invalid_trigger_id trigger_expired trigger_exchanged',
}
const kinds = new Map(
  // Object.entries loses the type of the keys
  (Object.entries(wordsOf) as [keyof typeof wordsOf, string][]).flatMap(([kind, all]) => words(all).map((word) => [word, kind] as const)),
)

// Nothing was sent before these errors (Node and undici).
const neverSent = new Set(
  words(
    'ECONNREFUSED ENOTFOUND EAI_AGAIN EHOSTUNREACH ENETUNREACH UND_ERR_CONNECT_TIMEOUT UND_ERR_PRX_CONN UND_ERR_PRX_TLS CERT_HAS_EXPIRED',
  ),
)

// The classes of @slack/web-api and Bolt's `RespondError` have only a code in common.
interface Thrown {
  code?: string
  message?: string
  statusCode?: number
  retryAfter?: number
  original?: { code?: string; cause?: { code?: string } }
  data?: { error?: string; needed?: string; response_metadata?: object }
}

/** Classifies an error of a Slack client; undefined for any other error. */
export function readSlackError(thrown: unknown): SlackError | undefined {
  const { code, statusCode = 0, retryAfter = 1, original, data } = (thrown ?? {}) as Thrown // every field may be missing
  switch (code) {
    case ErrorCode.RateLimitedError:
      return { kind: 'limited', seconds: retryAfter, error: 'ratelimited' }
    case ErrorCode.RequestError:
      return lostOrNeverSent(original)
    case ErrorCode.HTTPError:
      return statusCode >= 500
        ? { kind: 'lost', error: `http_${statusCode}` }
        : { kind: 'refused', error: `http_${statusCode}`, detail: '' }
    case ErrorCode.PlatformError:
      return refusal(data)
    default:
      return undefined
  }
}

function lostOrNeverSent(original: Thrown['original']): SlackError {
  const reason = original?.cause?.code ?? original?.code ?? 'no_answer'
  const isUnsent = neverSent.has(reason) || isRefusedByProxy(original) || connectionProblem(original, '') !== undefined
  return { kind: isUnsent ? 'unreachable' : 'lost', error: reason }
}

function refusal({ error = 'no error', needed = '', response_metadata = {} }: NonNullable<Thrown['data']> = {}): SlackError {
  const kind = kinds.get(error)
  if (kind === undefined) return { kind: 'refused', error, detail: JSON.stringify(response_metadata) }
  if (kind === 'limited') return { kind, seconds: 10, error }
  return kind === 'scope' ? { kind, scope: needed || error, error } : { kind, error }
}

/** Classifies the result of a response URL, which Bolt calls without the Web API's error classes. */
export function readRespondError(thrown: unknown): SlackError {
  const { code, statusCode = 0, ...rest } = (thrown ?? {}) as Thrown & { cause?: { code?: string } } // every field may be missing
  if (code !== 'slack_bolt_respond_error') return lostOrNeverSent({ cause: rest.cause ?? {} })
  if (statusCode === 429) return { kind: 'limited', seconds: 1, error: 'http_429' }
  // What it refused is in the message, where slack/response-url.ts put it; the status alone may be all there is.
  if (statusCode === 400 || statusCode === 422) return { kind: 'refused', error: `http_${statusCode}`, detail: rest.message ?? '' }
  // Slack shows nothing that it answers with an error, so only a missing answer is uncertain.
  return { kind: 'gone', error: `http_${statusCode}` }
}

/**
 * The Failure for a person, before anything was changed: the problem, and who can solve it. Only problems that pass by themselves
 * are `unavailable`. Undefined for a bug of ours, or an error that is not Slack's.
 */
export function slackFailure(thrown: unknown): Failure | undefined {
  const problem = readSlackError(thrown)
  return problem && failureOf(problem)
}

/** What people are told of Slack’s error. Undefined: Slack refused what it was sent, which is a bug of Quaymaster. */
export function failureOf(problem: SlackError): Failure | undefined {
  const options = { cause: problem.error }
  switch (problem.kind) {
    case 'limited':
      return new Failure('unavailable', 'Slack is rate-limiting messages.', {}, options)
    case 'lost':
    case 'unreachable':
      return new Failure('unavailable', 'Slack is having problems.', {}, options)
    case 'scope':
      return new Failure(
        'conflict',
        'The Slack app lacks the scope {scope}. A workspace admin must add it and reinstall the app.',
        { scope: problem.scope },
        options,
      )
    case 'token':
      return new Failure(
        'conflict',
        'Slack no longer accepts Quaymaster’s token ({problem}). An operator must reinstall the app and set SLACK_BOT_TOKEN.',
        { problem: problem.error },
        options,
      )
    case 'channel':
      return new Failure('conflict', channels[problem.error] ?? closed, { command: '/invite @quaymaster' }, options)
    case 'person':
      return new Failure('not_found', people[problem.error] ?? noPerson, {}, options)
    case 'gone':
      return new Failure('conflict', 'This message or dialog no longer exists in Slack. Run the command again.', {}, options)
    case 'trigger':
      return new Failure('conflict', 'Slack took too long to open the dialog. Press again.', {}, options)
    case 'refused':
      return undefined
  }
}

const closed = 'Quaymaster is not allowed to post in this channel. Someone who manages the channel can allow it.'
const archived = 'This channel is archived. Someone who manages it can unarchive it.'
const channels: Record<string, string> = {
  is_archived: archived,
  is_inactive: archived,
  not_in_channel: 'Quaymaster is not in this channel. Invite it with {command}.',
  channel_not_found: 'Slack has no such channel, or Quaymaster can’t see it. If it is private, invite Quaymaster with {command}.',
}

const noPerson = 'Slack does not know this user. An operator must remove users who left the workspace from the policy.'
const noGroup = 'Slack does not know this user group. An operator must remove it from the policy or enable it in Slack.'
const people: Record<string, string> = {
  no_such_subteam: noGroup,
  subteam_not_found: noGroup,
  plan_upgrade_required: 'This Slack plan has no user groups. An operator must name users in the policy instead.',
}
