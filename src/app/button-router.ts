import type { App, BlockAction, ButtonAction, ExternalSelectAction, OverflowAction, RespondFn, StaticSelectAction } from '@slack/bolt'
import type { Bot } from '../context.ts'
import { entryOf } from '../core/foreign-text.ts'
import type { Message } from '../slack/blocks.ts'
import { type ReplyTo, reply } from '../slack/reply.ts'
import { endAccessNow, extendAccess, keepAccess, reviewAccess } from '../surfaces/access-buttons.ts'
import {
  approveRequest,
  askAgain,
  chooseOutcome,
  follow,
  openComment,
  openDenial,
  openRequest,
  retryRequestSteps,
  showWaiting,
  withdrawRequest,
} from '../surfaces/approvals/buttons.ts'
import { askToBeLinked } from '../surfaces/ask-to-be-linked.ts'
import { cancelBuild, readBuild, retryBuild } from '../surfaces/build-buttons.ts'
import { downloadList } from '../surfaces/download.ts'
import { work } from '../surfaces/handle.ts'
import { openFromHome, showFromHome } from '../surfaces/home/listener.ts'
import { lookAgain } from '../surfaces/look-again.ts'
import { showMore } from '../surfaces/modals/more-options.ts'
import { actOnObject, openObject } from '../surfaces/objects/open.ts'
import { runList, turnPageButton } from '../surfaces/pages/buttons.ts'
import type { Press } from '../surfaces/press.ts'
import { cancelPreview, confirmPreview } from '../surfaces/preview-buttons.ts'
import { openReply, retrySteps, runReply, shareReply } from '../surfaces/reply-buttons.ts'
import { finishCredential, revealCredential } from '../surfaces/secrets/reveal.ts'
import { applyPrepared, cancelPrepared } from '../surfaces/slackbot/buttons.ts'
import { endSubscribed } from '../surfaces/subscription-button.ts'

/** Every button by its action id (`noun:verb`). Buttons that only link have no handler. */
const handlers: Record<string, (bot: Bot, press: Press) => Promise<void>> = {
  'access:end': endAccessNow,
  'access:extend': extendAccess,
  'access:fine': reviewAccess('fine'),
  'access:keep': keepAccess,
  'access:not-fine': reviewAccess('not-fine'),
  'build:cancel': cancelBuild,
  'build:logs': readBuild,
  'build:retry': retryBuild,
  'contact:link': askToBeLinked,
  'contact:waiting': showWaiting,
  'credential:done': finishCredential,
  'credential:reveal': revealCredential,
  'home:open': openFromHome,
  'home:request': showFromHome,
  'identity:look': lookAgain,
  'list:download': downloadList,
  'modal:more': showMore,
  'object:do': actOnObject,
  'object:open': openObject,
  'page:run': runList,
  'page:turn': turnPageButton,
  'prepared:apply': applyPrepared,
  'prepared:cancel': cancelPrepared,
  'preview:cancel': cancelPreview,
  'preview:confirm': confirmPreview,
  'reply:open': openReply,
  'reply:retry': retrySteps,
  'reply:run': runReply,
  'reply:share': shareReply,
  'request:again': chooseOutcome('running'),
  'request:approve': approveRequest,
  'request:ask-again': askAgain,
  'request:comment': openComment,
  'request:deny': openDenial,
  'request:follow': follow,
  'request:happened': chooseOutcome('succeeded'),
  'request:nothing': chooseOutcome('failed'),
  'request:open': openRequest,
  'request:retry': retryRequestSteps,
  'request:withdraw': withdrawRequest,
  'subscription:end': endSubscribed,
}

/** Acknowledges every press within three seconds, and hands it to what its action id names. */
export function listenToButtons(app: App, bot: Bot) {
  app.action<BlockAction<Acted>>({ type: 'block_actions' }, async ({ ack, action, body, respond }) => {
    await ack()
    // Links and inputs send actions too. Slack requires an acknowledgement, and there is nothing else to do.
    const handle = entryOf(handlers, action.action_id.replace(/#\w+$/, ''))
    if (!handle) return
    const to: ReplyTo = { user: body.user.id, channel: body.channel?.id, respond: body.response_url ? (respond as RespondFn) : undefined } // Bolt sets `respond` whenever there is a response_url
    const press = {
      user: body.user.id,
      value: chosen(action),
      trigger: body.trigger_id,
      channel: body.channel?.id,
      ts: body.message?.ts,
      ephemeral: isEphemeral(body),
      view: body.view,
      to,
    }
    await work(
      bot,
      to.user,
      action.action_id,
      (request) => handle(bot, { ...press, ...request }),
      (message: Message) => reply(bot.slack, bot.log, to, message),
    )
  })
}

type Acted = ButtonAction | ExternalSelectAction | StaticSelectAction | OverflowAction

/** A button's value, or what was chosen in a select or an overflow menu. */
function chosen(action: Acted) {
  return (action.type === 'button' ? action.value : action.selected_option?.value) ?? ''
}

function isEphemeral({ container }: BlockAction) {
  return container.is_ephemeral === true
}
