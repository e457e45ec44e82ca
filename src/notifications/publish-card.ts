import { createHash } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { aMinute } from '../core/durations.ts'
import { Failure } from '../core/failure.ts'
import { type Translate, translator } from '../core/i18n.ts'
import { cards } from '../db/schema.ts'
import type { Message } from '../slack/blocks.ts'
import { editCard, findOwn, postCard, type Sent, superseding } from '../slack/post-once.ts'
import { endChannel } from './end-channel.ts'
import type { Card } from './event-kind.ts'
import { renderCard } from './render-card.ts'

const aSecond = 1_000

/** Renders a card in its present state, and posts or edits it. Returns how many milliseconds the channel must rest. */
export async function publishCard(bot: Bot, card: Card): Promise<number> {
  const t = translator(bot.config.LANGUAGE)
  const message = await renderOrPostpone(bot, card, t)
  if (message === 'later') return later(bot, card)
  if (message === 'nothing') return nothing(bot, card)
  const drawing = createHash('sha256').update(JSON.stringify(message)).digest('base64url')
  if (card.state === 'posted' && card.drawing === drawing) return keep(bot, card, { drawn: card.wanted, attempts: 0 })
  const place = await placeOf(bot, card)
  if (place === 'later') return later(bot, card)
  const { sent, asked } = await send(bot, card, place.thread, message, t)
  return settle(bot, card, sent, drawing, asked)
}

async function renderOrPostpone(bot: Bot, card: Card, t: Translate): Promise<Message | 'nothing' | 'later'> {
  try {
    return await renderCard(bot, card, t)
  } catch (error) {
    if (error instanceof Failure && error.code === 'unavailable') return 'later'
    // A card that cannot be rendered must not stop those behind it.
    bot.log.error({ err: error, card: card.id, subject: card.subject }, 'could not render a card')
    return card.attempts < 5 ? 'later' : 'nothing'
  }
}

/** A thread needs its first message. If that is gone, the reply is posted in the channel itself. */
async function placeOf({ db }: Bot, { parent }: Card): Promise<{ thread: string | undefined } | 'later'> {
  if (parent === null) return { thread: undefined }
  const [above] = await db.select({ ts: cards.ts, state: cards.state }).from(cards).where(eq(cards.id, parent))
  if (above && above.ts === null && above.state !== 'gone') return 'later'
  return { thread: above?.ts ?? undefined }
}

/** `asked`: an earlier post with an unknown outcome was not found, or could not be looked for. */
async function send(
  bot: Bot,
  card: Card,
  thread: string | undefined,
  message: Message,
  t: Translate,
): Promise<{ sent: Sent; asked: boolean }> {
  const { id: marker, channel, place, ts, state } = card
  if (ts !== null && place !== null) return { sent: await editCard(bot.slack, { place, ts, message }), asked: false }
  if (state === 'posting') {
    const found = await findOwn(bot.slack, { channel, marker, thread, since: card.createdAt.getTime() })
    if (found === 'unknowable')
      return { sent: await postCard(bot.slack, { channel, marker, thread, message: superseding(message, t) }), asked: false }
    // The message exists, so from now on it is edited like any other card.
    if (found.became === 'posted') return { sent: found, asked: true }
    if (found.became !== 'gone')
      return { sent: found.became === 'refused' ? { became: 'unknown', problem: found.problem } : found, asked: true }
  }
  await keep(bot, card, { state: 'posting' })
  return { sent: await postCard(bot.slack, { channel, marker, thread, message }), asked: false }
}

async function settle(bot: Bot, card: Card, sent: Sent, drawing: string, asked: boolean): Promise<number> {
  switch (sent.became) {
    case 'posted':
      await keep(bot, card, {
        state: 'posted',
        place: sent.place,
        ts: sent.ts,
        attempts: 0,
        ...(!asked && { drawn: card.wanted, drawing }),
      })
      return asked ? 0 : aSecond
    case 'limited':
      // Slack refused it, so it was not posted; another card of the channel would be refused too.
      if (card.ts === null && card.state === 'new') await keep(bot, card, { state: 'new' })
      return Math.max(aSecond, sent.seconds * aSecond)
    case 'unknown':
      await later(bot, card)
      return aSecond
    case 'closed':
      bot.log.info({ channel: card.channel, error: sent.error }, 'Slack no longer accepts messages for a channel')
      await bot.db.transaction(async (tx) => {
        await tx.update(cards).set({ state: 'gone' }).where(eq(cards.channel, card.channel))
        await endChannel(bot, tx, card.channel, sent.error)
      })
      return 0
    case 'gone':
      return nothing(bot, card)
    case 'refused':
      bot.log.error({ card: card.id, subject: card.subject, error: sent.error, detail: sent.detail }, 'Slack refused a card')
      return postpone(bot, card)
  }
}

/** Retries the card with growing delays. The other cards of the channel go on. */
async function later(bot: Bot, card: Card) {
  const wait = Math.min(aMinute, aSecond * 2 ** Math.min(card.attempts, 6))
  return keep(bot, card, { attempts: card.attempts + 1, dueAt: new Date(bot.clock() + wait) })
}

/** Retries a card that cannot be posted a few times, and then gives up. */
export async function postpone(bot: Bot, card: Card) {
  return card.attempts < 5 ? later(bot, card) : nothing(bot, card)
}

async function nothing(bot: Bot, card: Card) {
  return keep(bot, card, { state: 'gone' })
}

async function keep({ db }: Bot, { id }: Card, change: Partial<Card>) {
  await db.update(cards).set(change).where(eq(cards.id, id))
  return 0
}
