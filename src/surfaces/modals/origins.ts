import type { RespondFn } from '@slack/bolt'
import { LRUCache } from 'lru-cache'
import { aMinute } from '../../core/durations.ts'

// Response URLs live in memory only, and no longer than Slack takes them (docs/SECURITY.md rule 20; docs/slack.md §2).
const origins = new LRUCache<string, RespondFn>({ max: 10_000, ttl: 30 * aMinute })

/** Remembers where the command was typed, or the button pressed, that opened a modal: what comes of it is said there. */
export function rememberOrigin(name: string, respond: RespondFn | undefined) {
  if (respond) origins.set(name, respond)
}

/** Undefined after half an hour, or where another replica opened the modal. */
export function originOf(name: string): RespondFn | undefined {
  return origins.get(name)
}
