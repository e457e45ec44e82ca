import { commands } from '../../command/registry.ts'
import type { Bot } from '../../context.ts'
import { translatorFor } from '../../security/language.ts'
import { type Press, viewOf } from '../press.ts'
import { commandModal, readModal } from './modal.ts'
import { showView } from './placeholder.ts'

/** *More options*: the same modal with all fields. Slack keeps the typed values, because the block ids stay the same. */
export async function showMore(bot: Bot, press: Press) {
  const view = viewOf(press)
  const { command, carried } = readModal(view, (name) => commands.get(name))
  const t = await translatorFor(bot, press.user)
  await showView(bot, { id: view.id, name: view.external_id ?? '' }, commandModal(bot, command, carried, t, { everything: true }))
}
