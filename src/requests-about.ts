import type { Bot } from './bot.ts'
import type { About } from './db/schema.ts'
import type { Asked } from './requests-ask.ts'

/** What else the approvers see. Names and quotas of the namespace only where each of them may know it (security.md rule 22). */
export async function aboutFor(_bot: Bot, { lacks }: Asked): Promise<About> {
  return { right: lacks ?? null }
}
