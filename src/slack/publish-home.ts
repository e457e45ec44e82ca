import type { HomeView } from '@slack/types'
import type { Slack } from './clients.ts'
import { readSlackError } from './errors.ts'

/** The outcome: Slack's hash of the published view, seconds to wait, or why it was refused. */
type Published = { hash: string } | { limited: number } | { refused: string }

/**
 * Publishes a person's App Home if Slack still shows the version that we know. If another was published in between, ours is the
 * newer one: it is rendered from the present rows, by one process at a time.
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
