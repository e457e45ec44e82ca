import type { App } from '@slack/bolt'
import { commands } from '../../command/registry.ts'
import type { Bot } from '../../context.ts'
import { track } from '../../core/drain.ts'
import { Failure } from '../../core/failure.ts'
import { translator } from '../../core/i18n.ts'
import { slash } from '../../core/slash-command.ts'
import { translatorFor } from '../../security/language.ts'
import type { Message } from '../../slack/blocks.ts'
import { reply } from '../../slack/reply.ts'
import { execute } from '../execute.ts'
import { noticeModal } from '../modals/modal.ts'
import { openCommand } from '../modals/open.ts'
import { withPlaceholder } from '../modals/placeholder.ts'
import { outcomeReply } from '../outcome-reply.ts'
import type { Press } from '../press.ts'
import { openHome } from './publish.ts'

/** Publishes App Home when a person opens it, and keeps it up to date from then on. */
export function listenToHomes(app: App, bot: Bot) {
  app.event('app_home_opened', async ({ event }) => {
    if (event.tab !== 'home') return
    await track(bot, openHome(bot, event.user, { empty: event.view === undefined })).catch((err: unknown) =>
      bot.log.error({ err, user: event.user }, 'could not open an App Home'),
    )
  })
}

/** A button of a frequent command opens its modal, which identifies the person and checks permissions. */
export async function openFromHome(bot: Bot, press: Press) {
  if (!commands.has(press.value)) throw new Failure('not_found', 'The command {command} no longer exists.', { command: slash(press.value) })
  await openCommand(bot, { trigger: press.trigger, operation: press.value, given: {}, dryRun: false }, press.to, press)
}

/** *Show* opens the request in a modal, as far as the person may see it. */
export async function showFromHome(bot: Bot, press: Press) {
  const title = translator(bot.config.LANGUAGE).plain('Request')
  const { user, trigger: key, reference, log, to } = press
  let told: Message | undefined
  const { shown, failed } = await withPlaceholder(bot, press, title, async () => {
    const t = await translatorFor(bot, user)
    const outcome = await execute(bot, { name: 'request show', given: { request: press.value }, user, key, reference, log })
    told = await outcomeReply(bot, outcome)
    return noticeModal(t.plain('Request'), told, t)
  })
  const left = failed ?? told
  if (shown === 'late' && left) await reply(bot.slack, log, to, left)
}
