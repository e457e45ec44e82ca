import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import { translator } from '../../core/i18n.ts'
import { translatorFor } from '../../security/language.ts'
import { buttons, message } from '../../slack/blocks.ts'
import { reply } from '../../slack/reply.ts'
import { execute } from '../execute.ts'
import { outcomeReply } from '../outcome-reply.ts'
import type { Press } from '../press.ts'
import { assertNotShared, sharedBy } from '../share.ts'
import { findList } from './page-store.ts'
import { turnTo } from './turn.ts'

/** Older or Newer: replaces the message by the other page. A list of another person cannot be turned, but can be run. */
export async function turnPageButton(bot: Bot, press: Press) {
  const [id = '', index = ''] = press.value.split(' ')
  const { user, reference, log, to } = press
  try {
    if (!press.ephemeral && press.channel) await assertNotShared(bot, press.channel)
    const outcome = await turnTo(bot, { id, index: Number(index), user, reference, log })
    const rendered = await outcomeReply(bot, outcome)
    const shown = press.ephemeral ? rendered : sharedBy(user, rendered, translator(outcome.person.language))
    await reply(bot.slack, log, { ...to, replace: true, visible: !press.ephemeral }, shown)
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'denied' || press.ephemeral) throw error
    const t = await translatorFor(bot, user)
    const { message: text, values } = error.sentence
    await reply(
      bot.slack,
      log,
      to,
      message(t(text, values), buttons({ action: 'page:run', label: t.plain('Run it yourself'), value: id, style: 'primary' })),
    )
  }
}

/** *Run it yourself* runs the same command with the presser's own permissions. */
export async function runList(bot: Bot, press: Press) {
  const list = await findList(bot, press.value)
  const { user, channel, reference, log, trigger: key, to } = press
  const outcome = await execute(bot, { name: list.operation, given: list.input, user, channel, key, reference, log })
  await reply(bot.slack, log, { ...to, replace: true }, await outcomeReply(bot, outcome))
}
