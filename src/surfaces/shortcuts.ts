import type { App, GlobalShortcut } from '@slack/bolt'
import type { Bot } from '../context.ts'
import { reply } from '../slack/reply.ts'
import { work } from './handle.ts'
import { openCommand } from './modals/open.ts'

/** The global shortcuts of the manifest: callback id and command. */
export const shortcuts: Record<string, string> = { 'request-repository': 'repo create' }

/** *Request a repository* and similar shortcuts open a command's modal anywhere in Slack. Without a channel, the outcome is a direct message. */
export function listenToShortcuts(app: App, bot: Bot) {
  for (const [callback, operation] of Object.entries(shortcuts)) {
    app.shortcut<GlobalShortcut>({ callback_id: callback, type: 'shortcut' }, async ({ ack, shortcut }) => {
      await ack()
      const to = { user: shortcut.user.id }
      const opening = { trigger: shortcut.trigger_id, operation, given: {}, dryRun: false }
      await work(
        bot,
        to.user,
        'shortcut',
        (request) => openCommand(bot, opening, to, request),
        (message) => reply(bot.slack, bot.log, to, message),
      )
    })
  }
}
