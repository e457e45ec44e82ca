import { eq } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import type { Subscription } from '../db/event-tables.ts'
import { subscriptions } from '../db/schema.ts'
import { enqueueHomeRefresh } from './home-refresh.ts'

/** Whether the channel wants silence at `now` (milliseconds). */
export function isMuted({ mutedUntil }: Pick<Subscription, 'mutedUntil'>, now: number) {
  return mutedUntil !== null && mutedUntil.getTime() > now
}

/**
 * Whether an event happened in a mute window, because a tag's history contains such events too. Boundary seconds count as
 * unmuted: a duplicate is better than a loss.
 */
export function wasMutedAt({ silentSince, mutedUntil }: Subscription, at: number) {
  return silentSince !== null && mutedUntil !== null && at >= silentSince.getTime() && at < secondOf(mutedUntil)
}

/** Quay's times are in whole seconds. */
export function secondOf(moment: Date) {
  return Math.floor(moment.getTime() / 1000) * 1000
}

/** Mutes a subscription until a moment; a moment in the past unmutes it. */
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

/** A pause counts as a mute window too, and both may overlap. */
export function muteWindowOf(subscription: Subscription, state: 'paused' | 'active', now: number) {
  const wasMuted = isMuted(subscription, now)
  if (state === 'paused') return wasMuted ? {} : { silentSince: new Date(now) }
  return wasMuted ? {} : { mutedUntil: new Date(now) }
}
