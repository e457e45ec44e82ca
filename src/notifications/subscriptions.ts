import { randomBytes } from 'node:crypto'
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { Failure } from '../core/failure.ts'
import { matchesGlob } from '../core/pattern.ts'
import type { Db } from '../db/database.ts'
import type { Subscription } from '../db/event-tables.ts'
import { subscriptions } from '../db/schema.ts'
import { namespaceOf } from '../quay/names.ts'
import type { Person } from '../security/identity.ts'
import { teamOf } from '../slack/clients.ts'
import { revive } from './cards.ts'
import { nextDigest } from './digest-schedule.ts'
import { type Group, isAtLeast, type Subject } from './event-kind.ts'
import { enqueueHomeRefresh } from './home-refresh.ts'
import { isMuted, secondOf, wasMutedAt } from './mute.ts'
import { enqueuePass } from './namespace-pass.ts'
import { tellSubscribed, tellUnsubscribed } from './subscribed-notice.ts'

export interface Wish {
  channel: string
  target: string
  groups: Group[]
  severity: string
  tags: string[]
  only: 'all' | 'changes'
  digest: 'none' | 'daily' | 'weekly'
}

/** Subscribes a channel, or changes its filters: there is one subscription per channel and target. */
export async function subscribe(bot: Bot, tx: Db, { id: owner, name, team, timeZone }: Person, wish: Wish): Promise<Subscription> {
  const now = bot.clock()
  const digestDueAt = wish.digest === 'none' ? null : new Date(nextDigest(now, wish.digest, timeZone))
  const fresh = {
    ...wish,
    owner,
    timeZone: timeZone ?? null,
    digestDueAt,
    state: 'active' as const,
    reason: null,
    checkedAt: new Date(now),
    mutedUntil: null,
    silentSince: null,
  }
  // A muted or paused subscription starts again; earlier events are not announced.
  const isSilent = sql`${subscriptions.state} <> 'active' or ${subscriptions.mutedUntil} > ${new Date(now).toISOString()}`
  const createdAt = sql`case when ${isSilent} then ${new Date(now).toISOString()}::timestamptz else ${subscriptions.createdAt} end`
  // A digest continues from the one before; events that were posted one by one are in none.
  const digestedAt = sql`case when ${isSilent} or ${subscriptions.digest} = 'none' then ${new Date(now).toISOString()}::timestamptz else ${subscriptions.digestedAt} end`
  const [row] = await tx
    .insert(subscriptions)
    .values({ id: randomBytes(9).toString('base64url'), team, ...fresh, createdAt: new Date(now), digestedAt: new Date(now) })
    .onConflictDoUpdate({
      target: [subscriptions.team, subscriptions.channel, subscriptions.target],
      set: { ...fresh, createdAt, digestedAt },
    })
    .returning()
  if (!row) throw new TypeError('an upsert returned no row')
  await revive(bot, tx, wish.channel)
  await enqueuePass(bot, tx, [namespaceOf(wish.target)])
  await enqueueHomeRefresh(bot, tx, { people: [owner] })
  await tellSubscribed(bot, tx, row, name)
  return row
}

/** Deletes a subscription. Throws `not_found` if the channel has none for this target. */
export async function unsubscribe(bot: Bot, tx: Db, channel: string, target: string): Promise<void> {
  const [row] = await tx
    .delete(subscriptions)
    .where(of(bot, channel, target))
    .returning()
  if (!row) throw notSubscribed(target)
  await enqueuePass(bot, tx, [namespaceOf(target)])
  await enqueueHomeRefresh(bot, tx, { people: [row.owner] })
  await tellUnsubscribed(bot, tx, row)
}

/** The channel’s subscription to a repository or to `org/*`. */
export async function findSubscription(bot: Bot, channel: string, target: string): Promise<Subscription | undefined> {
  const [row] = await bot.db
    .select()
    .from(subscriptions)
    .where(of(bot, channel, target))
  return row
}

/** Throws `not_found` if the channel has none for this target. */
export async function readSubscription(bot: Bot, channel: string, target: string): Promise<Subscription> {
  const row = await findSubscription(bot, channel, target)
  if (!row) throw notSubscribed(target)
  return row
}

function notSubscribed(target: string) {
  return new Failure('not_found', 'This channel has no subscription to {target}.', { target })
}

function of({ slack }: Bot, channel: string, target: string) {
  return and(eq(subscriptions.team, teamOf(slack)), eq(subscriptions.channel, channel), eq(subscriptions.target, target))
}

/** The subscriptions of a channel or of a person, in every state. */
export function listSubscriptions({ db, slack }: Bot, by: { channel: string } | { owner: string }): Promise<Subscription[]> {
  const which = 'channel' in by ? eq(subscriptions.channel, by.channel) : eq(subscriptions.owner, by.owner)
  return db
    .select()
    .from(subscriptions)
    .where(and(eq(subscriptions.team, teamOf(slack)), which))
    .orderBy(subscriptions.target, subscriptions.channel)
}

/** The active subscriptions to events of this group about a repository or namespace. */
export function subscriptionsOf({ db }: Pick<Bot, 'db'>, object: string, group: Group): Promise<Subscription[]> {
  const targets = [object, `${namespaceOf(object)}/*`]
  return db
    .select()
    .from(subscriptions)
    .where(
      and(
        eq(subscriptions.state, 'active'),
        inArray(subscriptions.target, targets),
        sql`${subscriptions.groups} @> ${JSON.stringify([group])}::jsonb`,
      ),
    )
}

/** Applies the filters: whether the event is posted on its own, now. */
export function wants({ clock }: Pick<Bot, 'clock'>, subscription: Subscription, { at, severity, tags }: Subject): boolean {
  if (subscription.digest !== 'none' || isMuted(subscription, clock()) || at < secondOf(subscription.createdAt)) return false
  if (wasMutedAt(subscription, at)) return false
  if (severity && !isAtLeast(severity, subscription.severity)) return false
  return matchesTags(subscription, tags)
}

/** Subjects without tags are not filtered by tag. */
export function matchesTags(subscription: Pick<Subscription, 'tags'>, tags: string[]) {
  return subscription.tags.length === 0 || tags.length === 0 || tags.some((tag) => matchesGlob(subscription.tags, tag))
}
