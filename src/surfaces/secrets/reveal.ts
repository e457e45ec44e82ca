import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import { translator } from '../../core/i18n.ts'
import { endOffer } from '../../notifications/credential-offer.ts'
import { audit } from '../../security/audit-log.ts'
import { identifyInSlack } from '../../security/identity.ts'
import { done, markOpened, type Revealed, reveal } from '../../security/secrets.ts'
import { message, note } from '../../slack/blocks.ts'
import { reply } from '../../slack/reply.ts'
import { noticeModal } from '../modals/modal.ts'
import { showView, withPlaceholder } from '../modals/placeholder.ts'
import { type Press, viewOf } from '../press.ts'
import { credentialModal } from './modal.ts'

/**
 *Reveal* first opens a placeholder, because the trigger expires after three seconds, and then shows the credential in a text
 * field. It counts as opened only after Slack has confirmed that the modal shows it (docs/SECURITY.md rule 21).
 */
export async function revealCredential(bot: Bot, press: Press) {
  const title = translator(bot.config.LANGUAGE).plain('Credential')
  let person: Owner | undefined
  const { shown, failed } = await withPlaceholder(bot, press, title, async () => {
    const known = await ownerNow(bot, press.user)
    const revealed: Revealed = await reveal(bot, press.value, known)
    person = known
    return credentialModal(press.value, revealed, translator(known.language))
  })
  if (shown === 'shown' && person) return markSeen(bot, press, person)
  if (shown === 'shown') return
  if (failed) return void (await reply(bot.slack, press.log, press.to, failed))
  if (shown === 'gone') throw new Failure('conflict', 'The dialog was closed before the credential was shown. Press Reveal again.')
  throw new Failure('conflict', 'Slack did not confirm that it shows the dialog. Press Reveal again.')
}

type Owner = Awaited<ReturnType<typeof ownerNow>>

/** The Slack identity is enough, so that Quay need not answer: the credential was sealed for this person. */
async function ownerNow(bot: Bot, user: string) {
  const { id, team, name, language } = await identifyInSlack(bot, user, { bypassCache: true })
  return { id, team, name, language, account: undefined }
}

async function markSeen(bot: Bot, { value, reference, log }: Press, person: Owner) {
  try {
    await markOpened(bot, value, person)
    await bot.db.transaction(async (tx) => {
      await audit(bot, tx, { reference, person, operation: 'credential reveal', input: {}, phase: 'revealed' })
      await endOffer(bot, tx, { id: value, person: person.id })
    })
  } catch (err) {
    // The person sees the credential, so a failure is only logged; it stays available until it expires.
    log.error({ err }, 'could not write a credential reveal to the audit log')
  }
}

/** *Done, delete it*. */
export async function finishCredential(bot: Bot, press: Press) {
  const view = viewOf(press)
  const person = await ownerNow(bot, press.user)
  await done(bot, press.value, person)
  await bot.db.transaction((tx) => endOffer(bot, tx, { id: press.value, person: person.id }))
  const t = translator(person.language)
  const deleted = message(t('Deleted. Nobody can reveal it again.'), note(t('Lost it? Generate a new one.')))
  await showView(bot, { id: view.id, name: '' }, noticeModal(t.plain('Credential'), deleted, t))
}
