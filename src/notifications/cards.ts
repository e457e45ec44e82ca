import { randomBytes } from 'node:crypto'
import { and, eq, gt, isNotNull, sql } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { enqueue } from '../context.ts'
import { aDay } from '../core/durations.ts'
import type { Sentence } from '../core/i18n.ts'
import type { Db } from '../db/database.ts'
import { cards, channelTurns } from '../db/schema.ts'

interface Wanted {
  channel: string
  subject: string
  object?: string | undefined
  subscription?: string | undefined
  parent?: string | undefined
  data?: Record<string, unknown> | undefined
}

/**
 * Creates a card in a channel or queues its update: one card per channel and subject. The message is rendered when it is sent,
 * so several updates in between become one. Queues the delivery in the same transaction.
 */
export async function enqueueCardUpdate(bot: Bot, tx: Db, { channel, subject, data = {}, ...rest }: Wanted): Promise<string> {
  const now = new Date(bot.clock())
  await tx.insert(channelTurns).values({ channel, dueAt: now }).onConflictDoNothing()
  const [card] = await tx
    .insert(cards)
    .values({ id: randomBytes(16).toString('base64url'), channel, subject, data, ...rest, dueAt: now, createdAt: now })
    .onConflictDoUpdate({
      target: [cards.channel, cards.subject],
      set: {
        wanted: sql`${cards.wanted} + 1`,
        // A card that was never posted, because the channel was closed, gets another chance.
        state: sql`case when ${cards.state} = 'gone' and ${cards.ts} is null then 'new' else ${cards.state} end`,
        data: sql`${cards.data} || ${JSON.stringify(data)}::jsonb`,
        // Somebody may have subscribed again in the meantime.
        subscription: sql`coalesce(excluded.subscription, ${cards.subscription})`,
      },
    })
    .returning({ id: cards.id })
  await enqueue(bot, tx, 'deliver', {})
  return card?.id ?? ''
}

/** Queues an update of every card of a subject. */
export async function enqueueSubjectUpdate(bot: Bot, tx: Db, subject: string): Promise<void> {
  const moved = await tx
    .update(cards)
    .set({ wanted: sql`${cards.wanted} + 1` })
    .where(eq(cards.subject, subject))
    .returning({ id: cards.id })
  if (moved.length > 0) await enqueue(bot, tx, 'deliver', {})
}

/** Reactivates cards in a channel that was closed to the bot for a while; they are rendered in their present state. */
export async function revive(bot: Bot, tx: Db, channel: string): Promise<void> {
  // A day is longer than any build takes.
  const isOfToday = gt(cards.createdAt, new Date(bot.clock() - aDay))
  await tx
    .update(cards)
    .set({ state: 'posted', wanted: sql`${cards.wanted} + 1` })
    .where(and(eq(cards.channel, channel), eq(cards.state, 'gone'), isNotNull(cards.ts), isOfToday))
  await enqueue(bot, tx, 'deliver', {})
}

/** What a notice has besides its sentence. Nothing given clears what it had. */
export interface NoticeMore {
  /** Names of values that are moments, in milliseconds. */
  moments?: string[]
  /** A person's own words, set apart from the bot's. */
  quote?: string | null
  /** More sentences below. */
  below?: Sentence[]
  buttons?: { action: string; label: Sentence; value: string; style?: 'primary' | 'danger' }[]
}

/** A line of the bot's own to a channel or person, posted once under its key, and edited when it is queued again. `object` names what may be private in it. */
export async function enqueueNotice(
  bot: Bot,
  tx: Db,
  channel: string,
  key: string,
  sentence: Sentence,
  object?: string,
  { moments = [], quote = null, below = [], buttons = [] }: NoticeMore = {},
): Promise<void> {
  await enqueueCardUpdate(bot, tx, { channel, object, subject: `notice ${key}`, data: { sentence, moments, quote, below, buttons } })
}

/** The card about this subject in the channel; undefined: none was posted. */
export async function findCard({ db }: Pick<Bot, 'db'>, channel: string, subject: string) {
  const [card] = await db
    .select()
    .from(cards)
    .where(and(eq(cards.channel, channel), eq(cards.subject, subject)))
  return card
}
