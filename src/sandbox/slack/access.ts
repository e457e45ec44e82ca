import { refuse } from './refusal.ts'
import type { Slack } from './simulation.ts'

/** Refuses calls without the required scope, and names the needed and the granted ones (docs/slack.md §6). */
export function requireScope(slack: Slack, anyOf: string[]) {
  const { scopes } = slack.workspace
  if (anyOf.length === 0 || anyOf.some((scope) => scopes.includes(scope))) return
  throw refuse('missing_scope', { needed: anyOf.join(','), provided: scopes.join(',') })
}

/** Checks that the token exists, is valid, and has the right kind. */
export function checkToken(slack: Slack, token: string | undefined, kind: 'bot' | 'app' | 'none') {
  if (kind === 'none') return
  if (!token) throw refuse('not_authed')
  const { bot, app } = slack.tokens
  if (token !== bot && token !== app) throw refuse('invalid_auth')
  if (token !== (kind === 'app' ? app : bot)) throw refuse('not_allowed_token_type')
}
