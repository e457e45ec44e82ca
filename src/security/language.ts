import type { Bot } from '../context.ts'
import { findSlackUser } from '../slack/users.ts'

/** The person's Slack language; the bot's own language when Slack does not answer. */
export async function languageFor(bot: Bot, user: string) {
  return findSlackUser(bot.slack, user).then(
    ({ language }) => language,
    () => bot.config.LANGUAGE,
  )
}
