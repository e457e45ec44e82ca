import { and, desc, eq, inArray, like } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import type { Subscription } from '../db/event-tables.ts'
import { cards, events } from '../db/schema.ts'
import { namespaceOf } from '../quay/names.ts'
import type { Event } from './event-kind.ts'
import { groupOf } from './event-kinds.ts'
import { isMuted, secondOf, wasMutedAt } from './mute.ts'
import { isWildcard } from './target.ts'

/** Why an event has no message in a channel; `filtered`: the filters of the subscription leave it out. */
export type LeftOut =
  | 'before'
  | 'ended'
  | 'paused'
  | 'muted'
  | 'digest'
  | 'waiting'
  | 'unreadable'
  | 'closed'
  | 'sending'
  | 'filtered'
  | 'nothing'

/** An event that a subscription is about, and what came of it in its channel. Times in milliseconds. */
export interface LedgerLine {
  object: string
  event: string
  /** Undefined: it was found by polling. */
  byWebhook: boolean
  receivedAt: number
  /** The message, and how long after the event it stood in Slack; an edit of a message that was there already has no lag. */
  posted: { channel: string; ts: string; lag: number | undefined } | undefined
  leftOut: LeftOut | undefined
}

/** The latest events that a subscription is about, the newest first, from our own rows alone. */
export async function ledgerOf(bot: Pick<Bot, 'db' | 'clock'>, subscription: Subscription, limit: number): Promise<LedgerLine[]> {
  const { target, channel, groups } = subscription
  const about = isWildcard(target)
    ? like(events.object, `${namespaceOf(target).replaceAll(/[\\%_]/g, '\\$&')}/%`)
    : eq(events.object, target)
  const namespace = eq(events.object, namespaceOf(target))
  // A little more than is shown, because the kinds of other groups are among them.
  const found = await bot.db
    .select()
    .from(events)
    .where(isWildcard(target) && groups.includes('quota') ? namespace : about)
    .orderBy(desc(events.receivedAt))
    .limit(limit * 5)
  const own = found.filter(({ kind }) => groups.includes(groupOf(kind) ?? '')).slice(0, limit)
  const subjects = own.flatMap(({ subject }) => subject ?? [])
  const shown =
    subjects.length === 0
      ? []
      : await bot.db
          .select()
          .from(cards)
          .where(and(eq(cards.channel, channel), inArray(cards.subject, subjects)))
  const bySubject = new Map(shown.map((card) => [card.subject, card]))
  return own.map((event) => lineOf(subscription, event, bySubject.get(event.subject ?? ''), bot.clock()))
}

type Card = typeof cards.$inferSelect

function lineOf(subscription: Subscription, event: Event, card: Card | undefined, now: number): LedgerLine {
  const receivedAt = event.receivedAt.getTime()
  const about = { object: event.object, event: event.kind, byWebhook: event.source === 'webhook', receivedAt }
  if (!card?.ts) return { ...about, posted: undefined, leftOut: card ? unsent(card) : whyNot(subscription, event, now) }
  const lag = Number(card.ts) * 1000 - receivedAt
  return { ...about, posted: { channel: card.place ?? card.channel, ts: card.ts, lag: lag >= 0 ? lag : undefined }, leftOut: undefined }
}

function unsent({ state, wanted, drawn }: Card): LeftOut {
  if (state === 'gone') return 'closed'
  return wanted > drawn ? 'sending' : 'nothing'
}

/** In the order in which the event is decided on (fan-out.ts). */
function whyNot(subscription: Subscription, event: Event, now: number): LeftOut {
  const at = event.receivedAt.getTime()
  if (at < secondOf(subscription.createdAt)) return 'before'
  if (event.fannedAt === null) return 'waiting'
  if (event.body === null) return 'unreadable'
  if (subscription.digest !== 'none') return 'digest'
  if (wasMutedAt(subscription, at) || (isMuted(subscription, now) && subscription.silentSince && at >= subscription.silentSince.getTime()))
    return subscription.state === 'paused' ? 'paused' : 'muted'
  if (subscription.state !== 'active') return subscription.state
  return hasFilters(subscription, event.kind) ? 'filtered' : 'nothing'
}

function hasFilters({ tags, only }: Subscription, kind: string) {
  const group = groupOf(kind)
  return tags.length > 0 || group === 'vulnerabilities' || (group === 'builds' && only === 'changes')
}
