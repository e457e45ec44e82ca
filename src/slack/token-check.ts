import { setTimeout as sleep } from 'node:timers/promises'
import { ErrorCode } from '@slack/web-api'
import { cached } from '../core/ttl-cache.ts'
import type { Slack } from './clients.ts'

export interface SlackToken {
  /** `unknown`: Slack did not answer in time; the connection shows whether it answers at all. */
  state: 'well' | 'refused' | 'unknown'
  /** Manifest scopes that the app was installed without. */
  missing: string[]
  /** The scopes without which the bot hears of no direct message or no mention. They are optional. */
  unheard: string[]
}

/** The `bot` scopes of manifest.yml; a test compares them. Optional scopes are not reported as missing. */
export const neededScopes =
  'commands chat:write users:read users:read.email usergroups:read channels:read groups:read files:write im:write links:read links:write'.split(
    ' ',
  )

/** The optional scopes of manifest.yml that direct messages and mentions need. */
const hearing = ['app_mentions:read', 'im:history']

// Slack's error codes for a token that stays invalid (docs/slack.md §6).
const refusals = new Set(['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired', 'team_access_not_granted'])
const limit = 800
const unknown: SlackToken = { state: 'unknown', missing: [], unheard: [] }

/** Checks by `auth.test` whether Slack accepts the token, and its scopes. Cached like people; at most a second in all. */
export async function checkSlackToken({ homes, people }: Slack): Promise<SlackToken> {
  const late = sleep(limit, unknown, { ref: false })
  return Promise.race([cached(people, 'own token', () => ask(homes)), late]).catch(() => unknown)
}

async function ask({ auth }: Slack['homes']): Promise<SlackToken> {
  try {
    const { response_metadata } = await auth.test()
    const granted = response_metadata?.scopes
    const lacking = (scopes: string[]) => (granted ? scopes.filter((scope) => !granted.includes(scope)) : [])
    return { state: 'well', missing: lacking(neededScopes), unheard: lacking(hearing) }
  } catch (error) {
    // The error classes of @slack/web-api have only a code in common.
    const { code, data } = error as { code?: string; data?: { error?: string } }
    if (code === ErrorCode.PlatformError && refusals.has(data?.error ?? '')) return { state: 'refused', missing: [], unheard: [] }
    throw error
  }
}
