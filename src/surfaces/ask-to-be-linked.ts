import type { Bot } from '../context.ts'
import { aDay } from '../core/durations.ts'
import { Failure } from '../core/failure.ts'
import { translator } from '../core/i18n.ts'
import { identify } from '../security/identity.ts'
import { bold, code, message, rawMarkup } from '../slack/blocks.ts'
import { failureOf } from '../slack/errors.ts'
import { postKeyed } from '../slack/post-key.ts'
import { reply } from '../slack/reply.ts'
import type { Press } from './press.ts'

/** *Ask to be linked* tells the operators' channel of the policy, once a day for each person. */
export async function askToBeLinked(bot: Bot, press: Press) {
  const person = await identify(bot, press.user)
  const t = translator(person.language)
  const { operators } = bot.policy
  if (person.account !== undefined) {
    await reply(
      bot.slack,
      press.log,
      press.to,
      message(t('You are already linked to the Quay user {account}.', { account: bold(person.account) })),
    )
    return
  }
  if (operators === undefined) throw new Failure('not_found', 'The policy has no channel for operators. Contact an operator directly.')
  const asked = message(
    translator(bot.config.LANGUAGE)(
      '{name} requests to be linked to a Quay user. Add {entry} under {map} in the policy, or set the user’s e-mail address in Quay to the one that {name} has in Slack.',
      {
        name: bold(person.name),
        entry: code(`${person.id}: <user>`),
        map: code('identity.map'),
      },
    ),
  )
  const key = `ask-link ${person.id} ${Math.floor(bot.clock() / aDay)}`
  const outcome = await postKeyed(bot, { key, channel: operators, message: asked })
  if ('problem' in outcome) throw failureOf(outcome.problem) ?? new Failure('unavailable', 'Slack did not accept the message. Try again.')
  await reply(
    bot.slack,
    press.log,
    press.to,
    message(t('Request sent to the operators in {channel}.', { channel: rawMarkup(`<#${operators}>`) })),
  )
}
