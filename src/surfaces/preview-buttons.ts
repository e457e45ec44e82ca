import type { Bot } from '../context.ts'
import { Failure } from '../core/failure.ts'
import { translator } from '../core/i18n.ts'
import { identify } from '../security/identity.ts'
import { message } from '../slack/blocks.ts'
import { reply } from '../slack/reply.ts'
import { execute } from './execute.ts'
import { outcomeReply } from './outcome-reply.ts'
import type { Press } from './press.ts'
import { confirmedIn, findReply, takeReply } from './reply-store.ts'
import { sayOutcome } from './say-outcome.ts'

/** The red button of a preview. If the facts have changed since, the preview is rendered again and nothing is done. */
export async function confirmPreview(bot: Bot, press: Press) {
  const person = await identify(bot, press.user)
  const row = await findReply(bot, person, press.value)
  const { reference, log, user, channel } = press
  const outcome = await execute(bot, {
    name: row.operation,
    given: row.input,
    user,
    channel,
    key: `preview ${row.id}`,
    reference,
    log,
    confirmed: confirmedIn(row),
  })
  await sayOutcome(bot, press, { ...press.to, replace: press.ephemeral }, await outcomeReply(bot, outcome))
}

/** *Cancel* deletes the preview, so that it cannot be pressed later. */
export async function cancelPreview(bot: Bot, press: Press) {
  const person = await identify(bot, press.user)
  const row = await findReply(bot, person, press.value)
  if (!(await takeReply(bot, row))) throw new Failure('conflict', 'This was decided already.')
  await reply(
    bot.slack,
    press.log,
    { ...press.to, replace: press.ephemeral },
    message(translator(person.language)('Cancelled: nothing has changed.')),
  )
}
