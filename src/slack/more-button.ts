import type { Bot } from '../bot.ts'
import { translator } from '../language.ts'
import { operations } from '../registry.ts'
import { operationModal, readModal } from './modals.ts'
import { updateView } from './open-modal.ts'
import { type Press, viewOf } from './press.ts'
import { languageFor } from './work.ts'

/** *More options*: the same modal with all fields; Slack keeps what was typed, because the block ids stay. */
export async function showMore(bot: Bot, press: Press) {
  const view = viewOf(press)
  const { operation, carried } = readModal(view, (name) => operations.get(name))
  const t = translator(await languageFor(bot, press.user))
  await updateView(bot, view.id, operationModal(operation, carried, t, { everything: true }))
}
