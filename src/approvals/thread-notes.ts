import type { Bot } from '../context.ts'
import { translator } from '../core/i18n.ts'
import type { Note } from '../db/queues.ts'
import { enqueueOffer, translatorFor } from '../notifications/credential-offer.ts'
import { postKeyed } from '../slack/post-key.ts'
import { presentAmong } from '../slack/users.ts'
import { findRequest, type Request, votesOn } from './request.ts'
import { calledBy, noteMessage } from './thread-note-views.ts'

/**
 * The `note-request` job: a denial's reason, a failure or a reminder in the card's thread. Tried again while Slack does not take
 * it, and said once.
 */
export async function noteRequest(bot: Bot, { id, note }: { id: string; note: Note }) {
  const request = await findRequest(bot.db, id)
  if (note === 'credential') return giveCredential(bot, request)
  const isReminder = note === 'first-reminder' || note === 'reminder' || note === 'escalated'
  if (isReminder && request.state !== 'pending') return
  // The card may still be on its way, or its channel closed; the requester's message says what there is to say.
  if (!request.cardTs) throw new Error('there is no card yet')
  // Who left, or a group that was switched off, is not called; the operator hears of it (slack/users.ts).
  const called = await presentAmong(bot.slack, calledBy(request, note))
  const message = noteMessage(request, await votesOn(bot.db, id), note, called, translator(bot.config.LANGUAGE))
  // Each attempt may fail, and each reminder is one of several.
  const key = `note ${id} ${note} ${request.attempt} ${request.reminded}`
  const outcome = await postKeyed(bot, { key, channel: request.rule.channel, thread: request.cardTs, message })
  if (outcome.became === 'posted' || outcome.became === 'unsure') return
  const reason = 'problem' in outcome ? outcome.problem.error : outcome.became
  if (outcome.became !== 'closed' && outcome.became !== 'gone') throw new Error(`Slack does not take a note: ${reason}`)
  bot.log.warn({ request: id, note, reason }, 'cannot post in the thread of a card')
}

/** A new user's password goes to the new user: for jobs that were queued before credentials had rows of their own. */
async function giveCredential(bot: Bot, { secret }: Request) {
  if (!secret) return
  const t = await translatorFor(bot, secret.person)
  await bot.db.transaction((tx) => enqueueOffer(bot, tx, secret, t))
}
