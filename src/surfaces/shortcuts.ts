import type { App, GlobalShortcut, MessageShortcut } from '@slack/bolt'
import type { Bot } from '../context.ts'
import { translator } from '../core/i18n.ts'
import { reply } from '../slack/reply.ts'
import { work } from './handle.ts'
import { lookUp } from './lookup/look-up.ts'
import { openCommand } from './modals/open.ts'
import { withPlaceholder } from './modals/placeholder.ts'

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
  listenToLookUp(app, bot)
}

/** The message shortcut of the manifest. */
export const lookUpShortcut = 'lookup'

/** *Look up in Quay* shows in a modal, to whoever pressed, what a message refers to; also where the bot is no member. */
function listenToLookUp(app: App, bot: Bot) {
  app.shortcut<MessageShortcut>({ callback_id: lookUpShortcut, type: 'message_action' }, async ({ ack, shortcut }) => {
    await ack()
    const { user, trigger_id: trigger, message } = shortcut
    const to = { user: user.id }
    await work(
      bot,
      user.id,
      'lookup',
      async (request) => {
        const asked = { ...request, user: user.id, trigger, to }
        const title = translator(bot.config.LANGUAGE).plain('Look up in Quay')
        await withPlaceholder(bot, asked, title, () => lookUp(bot, { user: user.id, message, key: trigger }, request))
      },
      (problem) => reply(bot.slack, bot.log, to, problem),
    )
  })
}
