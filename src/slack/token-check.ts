import { setTimeout as sleep } from 'node:timers/promises'
import { ErrorCode } from '@slack/web-api'
import { cached } from '../core/ttl-cache.ts'
import type { Slack } from './clients.ts'

export interface SlackToken {
  /** `unknown`: Slack did not answer at once; the connection tells whether it is there at all. */
  state: 'well' | 'refused' | 'unknown'
  /** Scopes of the manifest that the app was installed without. */
  missing: string[]
}

/** What manifest.yml asks for in `bot`; a test compares them. The optional ones are nowhere missed. */
export const neededScopes =
  'commands chat:write users:read users:read.email usergroups:read channels:read groups:read files:write im:write links:read links:write'.split(
    ' ',
  )

// Slack's words for a token that it will not take again (docs/slack.md §6).
const refusals = new Set(['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired', 'team_access_not_granted'])
const limit = 800

/** Whether Slack takes our token, and with which scopes: `auth.test`, remembered as long as people are, at most a second in all. */
export async function checkSlackToken({ homes, people }: Slack): Promise<SlackToken> {
  const late = sleep(limit, { state: 'unknown' as const, missing: [] }, { ref: false })
  return Promise.race([cached(people, 'own token', () => ask(homes)), late]).catch(() => ({ state: 'unknown' as const, missing: [] }))
}

async function ask({ auth }: Slack['homes']): Promise<SlackToken> {
  try {
    const { response_metadata } = await auth.test()
    const granted = response_metadata?.scopes
    return { state: 'well', missing: granted ? neededScopes.filter((scope) => !granted.includes(scope)) : [] }
  } catch (error) {
    // The classes of @slack/web-api: what they have in common is a code.
    const { code, data } = error as { code?: string; data?: { error?: string } }
    if (code === ErrorCode.PlatformError && refusals.has(data?.error ?? '')) return { state: 'refused', missing: [] }
    throw error
  }
}
