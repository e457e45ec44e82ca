import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { ModalView } from '@slack/types'
import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import { translator } from '../../core/i18n.ts'
import { type Message, message } from '../../slack/blocks.ts'
import { failureOf, readSlackError, type SlackError } from '../../slack/errors.ts'
import type { ReplyTo } from '../../slack/reply.ts'
import { failureMessage, type Request } from '../handle.ts'
import { noticeModal } from './modal.ts'

/** An open modal, by our own name or by Slack's id. */
export interface Opened {
  /** Its external id, which every view that replaces it keeps. */
  name: string
  id?: string
}

/**
 * Outcome of showing a view in an open modal. `gone`: the person closed it. `late`: Slack did not accept it within a minute,
 * or did not answer, so the person must be told elsewhere.
 */
export type Shown = 'shown' | 'gone' | 'late'

interface Asked extends Pick<Request, 'log' | 'reference'> {
  user: string
  /** Expires after three seconds. */
  trigger: string
  to: ReplyTo
}

interface Placed {
  shown: Shown
  /** The error of the work, which the modal shows if it is still open. */
  failed: Message | undefined
}

/**
 * Opens *One moment…* without any other call, because the trigger expires after three seconds. Then it does the work and shows
 * its view, or a sentence for its error. The placeholder never stays: a view that Slack does not accept is retried. Throws a
 * Failure if the modal could not be opened.
 */
export async function withPlaceholder(bot: Bot, asked: Asked, title: string, work: (name: string) => Promise<ModalView>): Promise<Placed> {
  const waiting = translator(bot.config.LANGUAGE)
  const opened = await openView(bot, asked.trigger, noticeModal(title, message(waiting('One moment…')), waiting))
  if ('problem' in opened) throw notOpened(opened.problem)
  const { modal, failed } = await work(opened.name).then(
    (modal) => ({ modal, failed: undefined }),
    async (error: unknown) => {
      const failed = await failureMessage(bot, asked.user, asked.log, asked.reference, error)
      return { modal: noticeModal(title, failed, waiting), failed }
    },
  )
  const shown = await showView(bot, opened, modal)
  // Slack’s answer to views.open was lost, and it knows no such modal, so it most likely never opened.
  if (shown === 'gone' && opened.id === undefined) throw notOpened({ kind: 'lost', error: 'no_answer' })
  return { shown, failed }
}

/** Why there is no modal. Only an expired trigger means that the bot was slow. */
export function notOpened(problem: SlackError): Failure {
  return failureOf(problem) ?? new Failure('unavailable', 'Slack did not open the dialog.', {}, { cause: problem.error })
}

/** Opens a modal under an external id of ours, by which it can be updated even if Slack’s answer is lost. */
export async function openView(bot: Bot, trigger: string, view: ModalView): Promise<Opened | { problem: SlackError }> {
  const name = randomBytes(16).toString('base64url')
  try {
    const { view: opened } = await bot.slack.modals.views.open({ trigger_id: trigger, view: { ...view, external_id: name } })
    return { name, ...(opened?.id && { id: opened.id }) }
  } catch (error) {
    const problem = readSlackError(error)
    if (!problem) throw error
    bot.log.warn({ reason: problem.error }, 'could not open a modal')
    return problem.kind === 'lost' ? { name } : { problem }
  }
}

/** Shows a view in an open modal. Updates are idempotent, so they are retried until Slack accepts one or the modal is closed. */
export async function showView(bot: Bot, { name, id }: Opened, view: ModalView): Promise<Shown> {
  const named = name ? { ...view, external_id: name } : view
  for (const pause of [...bot.slack.pauses, undefined]) {
    try {
      await bot.slack.modals.views.update({ ...(id === undefined ? { external_id: name } : { view_id: id }), view: named })
      return 'shown'
    } catch (error) {
      const problem = readSlackError(error)
      if (!problem) throw error
      if (problem.kind === 'gone') return 'gone'
      bot.log.warn({ reason: problem.error, ...(problem.kind === 'refused' && { detail: problem.detail }) }, 'a modal could not be shown')
      if (pause !== undefined)
        await wait(problem.kind === 'limited' ? Math.max(pause, problem.seconds * 1_000) : pause, undefined, { ref: false })
    }
  }
  return 'late'
}
