import type { Fields } from '../json.ts'
import type { Slack } from '../simulation.ts'

/** One method of the Web API (docs/slack.md §6). */
export interface Method {
  /** One of these scopes is enough. Methods whose scope depends on the channel check it inside `run`. */
  scopes?: string[]
  /** Allowed calls per minute; Slack's tiers are 1, 20, 50 and 100. */
  perMinute: number
  /** The method takes its arguments only as a form, and ignores a JSON body. */
  formOnly?: true
  token?: 'bot' | 'app' | 'none'
  required?: string[]
  run: (slack: Slack, given: Fields) => Fields
}
