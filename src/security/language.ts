import type { Bot } from '../context.ts'
import { type Translate, translator } from '../core/i18n.ts'
import { findSlackUser } from '../slack/users.ts'

/** The person's Slack language; the bot's own language when Slack does not answer. */
export async function languageFor(bot: Bot, user: string) {
  return findSlackUser(bot.slack, user).then(
    ({ language }) => language,
    () => bot.config.LANGUAGE,
  )
}

/** Translates for a person, as `languageFor`. Not to be called inside a transaction: it may ask Slack. */
export async function translatorFor(bot: Bot, user: string): Promise<Translate> {
  return translator(await languageFor(bot, user))
}
