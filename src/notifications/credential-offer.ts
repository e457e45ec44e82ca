import type { Bot } from '../context.ts'
import type { Sentence, Translate } from '../core/i18n.ts'
import { translator } from '../core/i18n.ts'
import type { Db } from '../db/database.ts'
import { type ButtonText, buttons, message } from '../slack/blocks.ts'
import { findSlackUser } from '../slack/users.ts'
import { enqueueHomeRefresh } from './home-refresh.ts'
import { dropPost, enqueuePost } from './outbox.ts'

/** A credential that was sealed: for the *Reveal* button. */
export interface SealedFor {
  id: string
  /** The Slack person who may see it. */
  person: string
  what: Sentence
}

/** *Reveal*: it carries the id of what is sealed, and nothing of it. */
export function revealButton({ id }: Pick<SealedFor, 'id'>, t: Translate): ButtonText {
  return { action: 'credential:reveal', label: t.plain('Reveal'), value: id, style: 'primary' }
}

/**
 * Wants the direct message with the *Reveal* button, in the transaction that seals: a row, so that it is sent until Slack takes it.
 * The button stands in App Home too, and in the reply to who asked. `t` is of the person who reads it.
 */
export async function enqueueOffer(bot: Bot, tx: Db, sealed: SealedFor, t: Translate): Promise<void> {
  const { id, person, what } = sealed
  const offer = message(
    t('{what} is ready. Only you can see it, within a day.', { what: t.plain(what.message, what.values) }),
    buttons(revealButton(sealed, t)),
  )
  await enqueuePost(bot, tx, { key: keyOf(id), channel: person, message: offer })
  await enqueueHomeRefresh(bot, tx, { people: [person] })
}

/** It was seen or deleted: what still waits to be sent is not sent, and App Home forgets it. */
export async function endOffer(bot: Bot, tx: Db, { id, person }: Pick<SealedFor, 'id' | 'person'>): Promise<void> {
  await dropPost(tx, keyOf(id))
  await enqueueHomeRefresh(bot, tx, { people: [person] })
}

function keyOf(id: string) {
  return `secret ${id}`
}

/** The language of who will read it; the bot's own where Slack does not tell. Asked before the transaction begins. */
export async function translatorFor(bot: Bot, person: string): Promise<Translate> {
  const language = await findSlackUser(bot.slack, person).then(
    (found) => found.language,
    () => bot.config.LANGUAGE,
  )
  return translator(language)
}
