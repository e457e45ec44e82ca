import type { Fields } from '../json.ts'
import type { Slack } from '../simulation.ts'

/** One method of the Web API (docs/slack.md §6). */
export interface Method {
  /** Any one of these is enough. Methods whose scope depends on the channel ask inside `run`. */
  scopes?: string[]
  /** How many calls a minute are allowed; Slack's tiers are 1, 20, 50 and 100. */
  perMinute: number
  /** Some take their arguments as a form only, and do not see a JSON body. */
  formOnly?: true
  token?: 'bot' | 'app' | 'none'
  required?: string[]
  run: (slack: Slack, given: Fields) => Fields
}
