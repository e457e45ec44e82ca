import type { App, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt'
import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import { translator } from '../../core/i18n.ts'
import { failureView } from '../../slack/views/failure.ts'
import { languageNow } from '../handle.ts'
import { noticeModal } from './modal.ts'

/** A modal is submitted. What cannot be read any more, as it is of an older release or altered, says so in its own window. */
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
