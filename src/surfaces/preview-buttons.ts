import type { Bot } from '../context.ts'
import { Failure } from '../core/failure.ts'
import { translator } from '../core/i18n.ts'
import { identify } from '../security/identity.ts'
import { message } from '../slack/blocks.ts'
import { reply } from '../slack/reply.ts'
import type { Press } from './press.ts'
import { confirmedIn, findReply, takeReply } from './reply-store.ts'
import { runPressed } from './run-pressed.ts'

/** The red button of a preview. If the facts have changed since, the preview is rendered again and nothing is done. */
export async function confirmPreview(bot: Bot, press: Press) {
  const person = await identify(bot, press.user)
  const row = await findReply(bot, person, press.value)
  await runPressed(bot, press, { name: row.operation, given: row.input, key: `preview ${row.id}`, confirmed: confirmedIn(row) })
}

/** *Cancel* deletes the preview, so that it cannot be pressed later. */
export async function cancelPreview(bot: Bot, press: Press) {
  const person = await identify(bot, press.user)
  const row = await findReply(bot, person, press.value)
  if (!(await takeReply(bot, row))) throw new Failure('conflict', 'This was already approved or denied.')
  await reply(
    bot.slack,
    press.log,
    { ...press.to, replace: press.ephemeral },
    message(translator(person.language)('Cancelled: nothing has changed.')),
  )
}
