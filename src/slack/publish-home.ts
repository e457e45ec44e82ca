import type { HomeView } from '@slack/types'
import { ErrorCode } from '@slack/web-api'
import type { Slack } from './clients.ts'

/** What became of it: Slack's hash of what it shows now, seconds to leave Slack alone, or why it is not taken. */
type Published = { hash: string } | { limited: number } | { refused: string }

/**
 * Publishes a person's App Home over the one that we know. Where another has come in between, ours is the newer: it is drawn
 * from the rows of this moment, by one at a time.
 */
export async function publishHome(
  slack: Slack,
  { person, hash }: { person: string; hash: string | null },
  view: HomeView,
): Promise<Published> {
  try {
    const published = await slack.homes.views.publish({ user_id: person, view, ...(hash && { hash }) })
    return { hash: published.view?.hash ?? '' }
  } catch (error) {
    const { code, retryAfter, data } = error as { code?: string; retryAfter?: number; data?: { error?: string } } // the classes of @slack/web-api
    if (code === ErrorCode.RateLimitedError) return { limited: retryAfter ?? 1 }
    if (code !== ErrorCode.PlatformError) return { limited: 10 }
    if (data?.error === 'hash_conflict' && hash) return publishHome(slack, { person, hash: null }, view)
    return { refused: data?.error ?? '' }
  }
}
