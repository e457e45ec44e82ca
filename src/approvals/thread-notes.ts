import { and, eq, sql } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { translator } from '../core/i18n.ts'
import type { Note } from '../db/queues.ts'
import { requests } from '../db/schema.ts'
import { enqueueOffer } from '../notifications/credential-offer.ts'
import { enqueuePost } from '../notifications/outbox.ts'
import { translatorFor } from '../security/language.ts'
import { postKeyed } from '../slack/post-key.ts'
import { presentAmong } from '../slack/users.ts'
import { tellApprovers } from './approver-notices.ts'
import { remindApprovers } from './approver-reminders.ts'
import { endMessage, followedEnd } from './end-message.ts'
import { publishRequest } from './publish-card.ts'
import { findRequest, type Request, type Vote, votesOn } from './request.ts'
import { followersOf } from './talk/follow.ts'
import { calledBy, noteMessage } from './thread-note-views.ts'

/**
 * The `note-request` job: posts the reason of a denial, a failure or a reminder in the card's thread, once. It is retried while
 * Slack does not accept it.
 */
export async function noteRequest(bot: Bot, { id, note }: { id: string; note: Note }) {
  const request = await findRequest(bot.db, id)
  if (note === 'credential') return giveCredential(bot, request)
  if (note === 'tell') return tellApprovers(bot, request)
  if (note === 'ended') return tellRequester(bot, request)
  const waits = note === 'first-reminder' || note === 'reminder' || note === 'escalated' || note === 'reopened'
  if (waits && request.state !== 'pending') return
  const told = waits && note !== 'escalated' ? await remindApprovers(bot, request, note) : []
  if (note === 'reopened') return
  // The card may not be posted yet, or its channel may be closed. The requester's message has the same information.
  if (!request.cardTs) throw new Error('there is no card yet')
  // People who left and disabled groups are not mentioned; the operator is told (slack/users.ts).
  const called = await presentAmong(bot.slack, calledBy(request, note, told))
  const message = noteMessage(request, await votesOn(bot.db, id), note, called, translator(bot.config.LANGUAGE))
  // Each attempt may fail, and there are several reminders, so their keys differ.
  const key = `note ${id} ${note} ${request.attempt} ${request.reminded}`
  const isLast = (note === 'first-reminder' || note === 'reminder') && request.reminded === request.rule.remind.length
  const outcome = await postKeyed(bot, { key, channel: request.rule.channel, thread: request.cardTs, message, broadcast: isLast })
  if (outcome.became === 'posted' || outcome.became === 'unsure') return
  if (outcome.became === 'gone' && (await postAgain(bot, request))) return noteRequest(bot, { id, note })
  const reason = 'problem' in outcome ? outcome.problem.error : outcome.became
  if (outcome.became !== 'closed') throw new Error(`Slack does not take a note: ${reason}`)
  bot.log.warn({ request: id, note, reason }, 'cannot post in the thread of a card')
}

/** Somebody deleted the card: it is posted again. False: Slack did not take it, so the job tries once more later. */
async function postAgain(bot: Bot, { id, cardTs }: Request) {
  await bot.db
    .update(requests)
    .set({ cardTs: null, version: sql`${requests.version} + 1` })
    .where(and(eq(requests.id, id), eq(requests.cardTs, cardTs ?? '')))
  await publishRequest(bot, { id })
  const { cardTs: posted } = await findRequest(bot.db, id)
  return posted !== null && posted !== cardTs
}

/** Tells the requester of an end by a new message, because Slack notifies nobody of the edited one. */
async function tellRequester(bot: Bot, request: Request) {
  const votes = await votesOn(bot.db, request.id)
  for (const person of await followersOf(bot, request.id)) await tellFollower(bot, request, votes, person)
  const message = endMessage(request, votes, await translatorFor(bot, request.requester))
  if (!message) return
  const key = `ended ${request.id} ${request.state} ${request.attempt}`
  const outcome = await postKeyed(bot, { key, channel: request.noticeChannel ?? request.requester, message })
  if (outcome.became === 'limited' || outcome.became === 'unknown' || outcome.became === 'underway')
    throw new Error('Slack does not take the end of a request')
  if (outcome.became !== 'posted')
    bot.log.warn({ request: request.id, reason: outcome.became }, 'the requester could not be told of the end')
}

/** Whoever wanted the same is told too. It is queued, so that Slack's trouble with one keeps nobody else from it. */
async function tellFollower(bot: Bot, request: Request, votes: Vote[], person: string) {
  const message = followedEnd(request, votes, await translatorFor(bot, person))
  if (!message) return
  const key = `ended ${request.id} ${request.state} ${request.attempt} ${person}`
  await bot.db.transaction((tx) => enqueuePost(bot, tx, { key, channel: person, message }))
}

/** Sends a new user's password to the new user, for jobs queued before credentials had rows of their own. */
async function giveCredential(bot: Bot, { secret }: Request) {
  if (!secret) return
  const t = await translatorFor(bot, secret.person)
  await bot.db.transaction((tx) => enqueueOffer(bot, tx, secret, t))
}
