import type { App, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt'
import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import { translator } from '../../core/i18n.ts'
import { failureView } from '../../slack/views/failure.ts'
import { languageNow } from '../handle.ts'
import { noticeModal } from './modal.ts'

/** Handles the submission of a modal. A view of an older release, or an altered one, gets an explanation in its own window. */
export function listenToView(
  app: App,
  bot: Bot,
  callback: string,
  listen: (view: SlackViewMiddlewareArgs<ViewSubmitAction>) => Promise<unknown>,
) {
  app.view<ViewSubmitAction>(callback, async (submitted) => {
    try {
      await listen(submitted)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      const t = translator(await languageNow(bot, submitted.body.user.id))
      await submitted.ack({ response_action: 'update', view: noticeModal('Quaymaster', failureView(error, t), t) })
    }
  })
}
