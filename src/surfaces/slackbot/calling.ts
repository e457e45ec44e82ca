import type { Logger } from 'pino'
import type { Bot } from '../../context.ts'

/** One call of a tool, with what its parts need. */
export interface Calling {
  bot: Bot
  /** The person for whom Slackbot calls, verified by the door. */
  user: string
  reference: string
  log: Logger
}
