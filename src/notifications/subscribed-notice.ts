import { and, eq } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { entryOf } from '../core/foreign-text.ts'
import type { Db } from '../db/database.ts'
import type { Subscription } from '../db/event-tables.ts'
import { cards } from '../db/schema.ts'
import { enqueueNotice } from './cards.ts'
import { groupWords } from './subscription-view.ts'
import { isWildcard } from './target.ts'

/** Tells the channel who subscribed it to what, with *Unsubscribe*. One message for a subscription, edited when its filters change. */
export async function tellSubscribed(bot: Bot, tx: Db, { id, channel, target, groups }: Subscription, name: string): Promise<void> {
  const sentence = {
    message: '{name} subscribed this channel to {events} of {target}.',
    values: { name, events: groups.map((group) => ({ say: entryOf(groupWords, group) ?? group })), target },
  }
  const unsubscribe = { action: 'subscription:end', label: { message: 'Unsubscribe', values: {} }, value: target }
  await enqueueNotice(bot, tx, channel, keyOf(id), sentence, objectOf(target), { buttons: [unsubscribe] })
}

/** Takes the button off that message. A channel that was never told is not told now. */
export async function tellUnsubscribed(bot: Bot, tx: Db, { id, channel, target }: Subscription): Promise<void> {
  const [told] = await tx
    .select({ id: cards.id })
    .from(cards)
    .where(and(eq(cards.channel, channel), eq(cards.subject, `notice ${keyOf(id)}`)))
  if (!told) return
  const sentence = { message: 'This channel is no longer subscribed to {target}.', values: { target } }
  await enqueueNotice(bot, tx, channel, keyOf(id), sentence, objectOf(target))
}

function keyOf(id: string) {
  return `subscribed ${id}`
}

function objectOf(target: string) {
  return isWildcard(target) ? undefined : target
}
