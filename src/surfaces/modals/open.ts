import type { ModalView } from '@slack/types'
import type { Bot } from '../../context.ts'
import { Failure, logged } from '../../core/failure.ts'
import { translator } from '../../core/i18n.ts'
import { languageFor } from '../../security/language.ts'
import { buttons, message } from '../../slack/blocks.ts'
import { teamOf } from '../../slack/clients.ts'
import { type ReplyTo, reply } from '../../slack/reply.ts'
import { bugView, failureView } from '../../slack/views/failure.ts'
import type { Request } from '../handle.ts'
import { prepare } from '../prefill.ts'
import { rememberReply } from '../reply-store.ts'
import { refreshed } from '../suggestions/catalog.ts'
import { type Carried, noticeModal, operationModal } from './modal.ts'
import { nounOf } from './titles.ts'

interface Opening extends Omit<Carried, 'given'> {
  given: Record<string, unknown>
  /** Lives three seconds. */
  trigger: string
}

/**
 * Opens an operation's modal: first *One moment…*, from memory alone, because the trigger lives three seconds; then,
 * when it is known who asks and what they may, the fields or the refusal (security.md rule 25).
 */
export async function openOperation(bot: Bot, { trigger, ...carried }: Opening, to: ReplyTo, { log, reference }: Request) {
  const waiting = translator(bot.config.LANGUAGE)
  void refreshed(bot)
  const title = waiting.plain(nounOf(carried.operation))
  const opened = await openView(bot, trigger, noticeModal(title, message(waiting('One moment…')), waiting))
  if (!opened) return offerAgain(bot, carried, to, log)
  try {
    const view = await fieldsOrRefusal(bot, carried, to, log)
    await updateView(bot, opened, view.modal).catch(async (error) => {
      if (!isGone(error)) throw error
      log.info('the modal is gone')
      if (view.refusal) await reply(bot.slack, log, to, view.refusal)
    })
  } catch (error) {
    await endWaiting(bot, opened, noticeModal(title, bugView(reference, waiting), waiting))
    throw error
  }
}

/** Whether its person has closed the modal. */
export function isGone(error: unknown) {
  return (error as { data?: { error?: string } }).data?.error === 'not_found'
}

/** Whatever went wrong: nobody looks at *One moment…* or *Working…* for ever. */
export async function endWaiting(bot: Bot, view: string, modal: ModalView) {
  await updateView(bot, view, modal).catch((err) => bot.log.debug({ err }, 'the modal is gone'))
}

async function fieldsOrRefusal(bot: Bot, carried: Omit<Opening, 'trigger'>, to: ReplyTo, log: Request['log']) {
  try {
    const { person, operation, given } = await prepare(bot, { name: carried.operation, given: carried.given, user: to.user, log })
    const now = { ...carried, given }
    return { modal: operationModal(operation, now, translator(person.language)) }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    log.info(logged(error), 'refused before the modal')
    const t = translator(await languageFor(bot, to.user))
    const refusal = failureView(error, t)
    return { modal: noticeModal(t.plain(nounOf(carried.operation)), refusal, t), refusal }
  }
}

/** The id of the opened view; undefined when the trigger was used up before it came here. */
export async function openView(bot: Bot, trigger: string, view: ModalView): Promise<string | undefined> {
  try {
    return (await bot.slack.modals.views.open({ trigger_id: trigger, view })).view?.id
  } catch (error) {
    bot.log.warn({ err: error }, 'a modal could not be opened')
    return undefined
  }
}

export async function updateView(bot: Bot, id: string, view: ModalView) {
  await bot.slack.modals.views.update({ view_id: id, view })
}

/** A press brings a new trigger, and what was given is still here. */
async function offerAgain(bot: Bot, { operation, given }: Omit<Opening, 'trigger'>, to: ReplyTo, log: Request['log']) {
  const t = translator(await languageFor(bot, to.user))
  const value = await rememberReply(bot, { id: to.user, team: teamOf(bot.slack) }, { operation, input: given })
  await reply(
    bot.slack,
    log,
    to,
    message(
      t('Slack was too slow to open the modal. Nothing was lost.'),
      buttons({ action: 'reply:open', label: t.plain('Open it'), value, style: 'primary' }),
    ),
  )
}
