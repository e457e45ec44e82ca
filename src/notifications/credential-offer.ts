import type { Bot } from '../context.ts'
import type { Sentence, Translate } from '../core/i18n.ts'
import type { Db } from '../db/database.ts'
import { type ButtonText, buttons, message } from '../slack/blocks.ts'
import { enqueueHomeRefresh } from './home-refresh.ts'
import { dropPost, enqueuePost } from './outbox.ts'

/** A sealed credential, for the *Reveal* button. */
export interface SealedFor {
  id: string
  /** The Slack person who may reveal it. */
  person: string
  what: Sentence
}

/** *Reveal*: its value is the id of the sealed credential, and nothing of the credential. */
export function revealButton({ id }: Pick<SealedFor, 'id'>, t: Translate): ButtonText {
  return { action: 'credential:reveal', label: t.plain('Reveal'), value: id, style: 'primary' }
}

/**
 * Queues the direct message with the *Reveal* button, in the transaction that seals: a row, so that it is sent until Slack accepts
 * it. App Home and the requester's reply have the button too. `t` is in the language of the recipient.
 */
export async function enqueueOffer(bot: Bot, tx: Db, sealed: SealedFor, t: Translate): Promise<void> {
  const { id, person, what } = sealed
  const offer = message(
    t('{what} is ready. Only you can reveal it; available for 24 hours.', { what: t.plain(what.message, what.values) }),
    buttons(revealButton(sealed, t)),
  )
  await enqueuePost(bot, tx, { key: keyOf(id), channel: person, message: offer })
  await enqueueHomeRefresh(bot, tx, { people: [person] })
}

/** After a reveal or deletion: cancels the unsent message, and removes the credential from App Home. */
export async function endOffer(bot: Bot, tx: Db, { id, person }: Pick<SealedFor, 'id' | 'person'>): Promise<void> {
  await dropPost(tx, keyOf(id))
  await enqueueHomeRefresh(bot, tx, { people: [person] })
}

function keyOf(id: string) {
  return `secret ${id}`
}
