import type { RespondFn } from '@slack/bolt'
import { LRUCache } from 'lru-cache'
import { aMinute } from '../../core/durations.ts'

// Response URLs are kept in memory only, and no longer than Slack accepts them (docs/SECURITY.md rule 20; docs/slack.md §2).
const origins = new LRUCache<string, RespondFn>({ max: 10_000, ttl: 30 * aMinute })

/** Stores where the command or button that opened a modal was used, so that the outcome is posted there. */
export function rememberOrigin(name: string, respond: RespondFn | undefined) {
  if (respond) origins.set(name, respond)
}

/** Undefined after half an hour, or if another replica opened the modal. */
export function originOf(name: string): RespondFn | undefined {
  return origins.get(name)
}
