import { eq } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import type { Subscription } from '../db/event-tables.ts'
import { subscriptions } from '../db/schema.ts'
import { enqueueHomeRefresh } from './home-refresh.ts'

export function isMuted({ mutedUntil }: Pick<Subscription, 'mutedUntil'>, now: number) {
  return mutedUntil !== null && mutedUntil.getTime() > now
}

/**
 * Whether it happened while the channel heard nothing: a tag's history tells of that, too, when it is pushed again. Of the
 * seconds in which silence began and ended nobody knows, so they are told.
 */
export function wasMutedAt({ silentSince, mutedUntil }: Subscription, at: number) {
  return silentSince !== null && mutedUntil !== null && at >= silentSince.getTime() && at < secondOf(mutedUntil)
}

/** Quay's times are whole seconds. */
export function secondOf(moment: Date) {
  return Math.floor(moment.getTime() / 1000) * 1000
}

/** Silences a subscription until a moment; one that has come lets it speak again. */
export async function mute(bot: Bot, subscription: Subscription, until: number) {
  const { id, owner, state, silentSince } = subscription
  const now = bot.clock()
  const since = state === 'paused' || isMuted(subscription, now) ? silentSince : new Date(now)
  await bot.db
    .update(subscriptions)
    .set({ mutedUntil: new Date(until), silentSince: since })
    .where(eq(subscriptions.id, id))
  await enqueueHomeRefresh(bot, bot.db, { people: [owner] })
}

/** A pause is silence like a mute, and both may overlap. */
export function muteWindowOf(subscription: Subscription, state: 'paused' | 'active', now: number) {
  const wasMuted = isMuted(subscription, now)
  if (state === 'paused') return wasMuted ? {} : { silentSince: new Date(now) }
  return wasMuted ? {} : { mutedUntil: new Date(now) }
}
