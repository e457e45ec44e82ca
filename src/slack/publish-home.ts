import type { HomeView } from '@slack/types'
import type { Slack } from './clients.ts'
import { readSlackError } from './errors.ts'

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
    const problem = readSlackError(error)
    if (problem?.kind === 'limited') return { limited: problem.seconds }
    if (!problem || problem.kind === 'lost' || problem.kind === 'unreachable') return { limited: 10 }
    if (problem.error === 'hash_conflict' && hash) return publishHome(slack, { person, hash: null }, view)
    return { refused: problem.error }
  }
}
