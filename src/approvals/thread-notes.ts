import type { Bot } from '../context.ts'
import { translator } from '../core/i18n.ts'
import type { Note } from '../db/queues.ts'
import { identify } from '../security/identity.ts'
import type { Message } from '../slack/blocks.ts'
import { offerCredential } from '../surfaces/secrets/reveal.ts'
import { slackProblem } from './post-card.ts'
import { findRequest, type Request, votesOn } from './request.ts'
import { noteMessage } from './thread-note-views.ts'

/**
 * The `note-request` job: a denial's reason, a failure or a reminder in the card's thread. Tried again while Slack does not take
 * it; said twice at worst.
 */
export async function noteRequest(bot: Bot, { id, note }: { id: string; note: Note }) {
  const request = await findRequest(bot.db, id)
  if (note === 'credential') return giveCredential(bot, request)
  const isReminder = note === 'first-reminder' || note === 'reminder' || note === 'escalated'
  if (isReminder && request.state !== 'pending') return
  // The card may still be on its way, or its channel closed; the requester's message says what there is to say.
  if (!request.cardTs) throw new Error('there is no card yet')
  const { text, blocks }: Message = noteMessage(request, await votesOn(bot.db, id), note, translator(bot.config.LANGUAGE))
  await bot.slack.messages.chat
    .postMessage({ channel: request.rule.channel, thread_ts: request.cardTs, text, blocks, unfurl_links: false, unfurl_media: false })
    .catch((error: unknown) => {
      if (!['is_archived', 'channel_not_found', 'not_in_channel'].includes(slackProblem(error).reason)) throw error
      bot.log.warn({ request: id, note, reason: slackProblem(error).reason }, 'a card’s thread cannot be written into')
    })
}

/** A new user's password goes to the new user. */
async function giveCredential(bot: Bot, { secret }: Request) {
  if (!secret) return
  const { language } = await identify(bot, secret.person)
  await offerCredential(bot, secret.person, secret.id, secret.what, translator(language))
}
