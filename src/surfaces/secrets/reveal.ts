import type { Bot } from '../../context.ts'
import { Failure, logged } from '../../core/failure.ts'
import type { Sentence } from '../../core/i18n.ts'
import { type Translate, translator } from '../../core/i18n.ts'
import { audit } from '../../security/audit-log.ts'
import { identifyAlone } from '../../security/identity.ts'
import { done, markOpened, type Revealed, reveal } from '../../security/secrets.ts'
import { buttons, type Message, message, note } from '../../slack/blocks.ts'
import { failureView } from '../../slack/views/failure.ts'
import { noticeModal } from '../modals/modal.ts'
import { isGone, openView, updateView } from '../modals/open.ts'
import { type Press, viewOf } from '../press.ts'
import { credentialModal } from './modal.ts'

/** The direct message with the *Reveal* button: it holds the id of what is sealed, and nothing of it. */
export async function offerCredential(bot: Bot, person: string, secret: string, what: Sentence, t: Translate) {
  const { text, blocks } = offerView(secret, what, t)
  await bot.slack.messages.chat.postMessage({ channel: person, text, blocks, unfurl_links: false, unfurl_media: false })
}

function offerView(secret: string, what: Sentence, t: Translate): Message {
  return message(
    t('{what} is ready. Only you can see it, within a day.', { what: t.plain(what.message, what.values) }),
    buttons({ action: 'credential:reveal', label: t.plain('Reveal'), value: secret, style: 'primary' }),
  )
}

/**
 * *Reveal*: a placeholder first, because the trigger lives three seconds, then the credential in a text field. It counts
 * as opened only once Slack has confirmed that the modal shows it (security.md rule 21).
 */
export async function revealCredential(bot: Bot, press: Press) {
  const waiting = translator(bot.config.LANGUAGE)
  const opened = await openView(bot, press.trigger, noticeModal(waiting.plain('Credential'), message(waiting('One moment…')), waiting))
  if (!opened) throw new Failure('unavailable', 'Slack was too slow to open the window. Press Reveal again.')
  const person = await identifyAlone(bot, press.user)
  const t = translator(person.language)
  try {
    const revealed: Revealed = await reveal(bot, press.value, person)
    await updateView(bot, opened, credentialModal(press.value, revealed, t)).catch((error) => {
      if (isGone(error)) throw new Failure('conflict', 'The window was closed before I could show it. Press Reveal again.')
      throw error
    })
    await markOpened(bot, press.value, person)
    await audit(bot, bot.db, { reference: press.reference, person, operation: 'credential reveal', input: {}, phase: 'revealed' })
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    press.log.info(logged(error), 'a credential was not revealed')
    await updateView(bot, opened, noticeModal(t.plain('Credential'), failureView(error, t), t)).catch(() => {
      throw error
    })
  }
}

/** *Done, delete it*. */
export async function finishCredential(bot: Bot, press: Press) {
  const view = viewOf(press)
  const person = await identifyAlone(bot, press.user)
  await done(bot, press.value, person)
  const t = translator(person.language)
  await updateView(
    bot,
    view.id,
    noticeModal(t.plain('Credential'), message(t('Deleted. Nobody can reveal it again.'), note(t('Lost it? Have a new one made.'))), t),
  )
}
