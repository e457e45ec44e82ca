import type { Fields } from './json.ts'
import { appMethods } from './methods/app.ts'
import { chatMethods } from './methods/chat.ts'
import { conversationMethods } from './methods/conversations.ts'
import { fileMethods } from './methods/files.ts'
import { peopleMethods } from './methods/people.ts'
import { reactionMethods } from './methods/reactions.ts'
import { viewMethods } from './methods/views.ts'
import type { Slack } from './simulation.ts'

/** One method of the Web API (facts §6). */
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

export const methods: Record<string, Method | undefined> = {
  ...appMethods,
  ...chatMethods,
  ...conversationMethods,
  ...fileMethods,
  ...peopleMethods,
  ...reactionMethods,
  ...viewMethods,
}
