import type { Bot } from './bot.ts'
import type { Field } from './fields.ts'
import type { Given } from './syntax.ts'

/** What an external select offers for a field, from memory alone: Slack waits a second. */
export async function suggest(_bot: Bot, _user: string, _field: Field, _given: Given, _typed: string): Promise<string[]> {
  return []
}
