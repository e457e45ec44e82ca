import { randomBytes } from 'node:crypto'
import { and, eq, inArray, ne, sql } from 'drizzle-orm'
import picomatch from 'picomatch'
import { type Bot, type Db, enqueue } from '../bot.ts'
import { subscriptions } from '../db/schema.ts'
import { Failure } from '../failure.ts'
import { wantHomes } from '../homes/want.ts'
import { identify, type Person } from '../identity.ts'
import type { Sentence } from '../language.ts'
import { namespaceOf } from '../quay/names.ts'
import { effectiveRight, hasRight } from '../rights/rights.ts'
import { teamOf } from '../slack/clients.ts'
import { wantNotice } from './cards.ts'
import { nextDigest } from './digest-time.ts'
import { type Group, isAtLeast, type Subject } from './kind.ts'

export type Subscription = typeof subscriptions.$inferSelect

const tenMinutes = 600_000

export interface Wish {
  channel: string
  target: string
  groups: Group[]
  severity: string
  tags: string[]
  only: 'all' | 'changes'
  digest: 'none' | 'daily' | 'weekly'
}

/** Subscribes a channel, or changes what it hears of: there is one subscription for each channel and target. */
export async function subscribe(bot: Bot, tx: Db, { id: owner, team, timeZone }: Person, wish: Wish): Promise<Subscription> {
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
  }
  const [row] = await tx
    .insert(subscriptions)
    .values({ id: randomBytes(9).toString('base64url'), team, ...fresh, createdAt: new Date(now) })
    .onConflictDoUpdate({ target: [subscriptions.team, subscriptions.channel, subscriptions.target], set: { ...fresh, mutedUntil: null } })
    .returning()
  if (!row) throw new TypeError('an upsert returned no row')
  await enqueue(bot, tx, 'reconcile', {})
  await wantHomes(bot, tx, { people: [owner] })
  return row
}

/** Undefined: the channel had none for it. */
export async function unsubscribe(bot: Bot, tx: Db, channel: string, target: string): Promise<Subscription | undefined> {
  const [row] = await tx
    .delete(subscriptions)
    .where(of(bot, channel, target))
    .returning()
  if (row) await enqueue(bot, tx, 'reconcile', {})
  if (row) await wantHomes(bot, tx, { people: [row.owner] })
  return row
}

export async function findSubscription(bot: Bot, channel: string, target: string): Promise<Subscription | undefined> {
  const [row] = await bot.db
    .select()
    .from(subscriptions)
    .where(of(bot, channel, target))
  return row
}

function of({ slack }: Bot, channel: string, target: string) {
  return and(eq(subscriptions.team, teamOf(slack)), eq(subscriptions.channel, channel), eq(subscriptions.target, target))
}

/** Those of a channel, or of a person, whatever their state. */
export function listSubscriptions({ db, slack }: Bot, by: { channel: string } | { owner: string }): Promise<Subscription[]> {
  const which = 'channel' in by ? eq(subscriptions.channel, by.channel) : eq(subscriptions.owner, by.owner)
  return db
    .select()
    .from(subscriptions)
    .where(and(eq(subscriptions.team, teamOf(slack)), which))
    .orderBy(subscriptions.target, subscriptions.channel)
}

/** The active ones that want events of this group about a repository or namespace. */
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

/** Its filters: what it wants posted one by one, now. */
export function wants({ clock }: Pick<Bot, 'clock'>, subscription: Subscription, { at, severity, tags }: Subject): boolean {
  const { mutedUntil, digest, createdAt } = subscription
  if (digest !== 'none' || (mutedUntil && mutedUntil.getTime() > clock())) return false
  // Quay's times are whole seconds.
  if (at < Math.floor(createdAt.getTime() / 1000) * 1000) return false
  if (severity && !isAtLeast(severity, subscription.severity)) return false
  return matchesTags(subscription, tags)
}

/** What has no tags is not filtered by them. */
export function matchesTags(subscription: Pick<Subscription, 'tags'>, tags: string[]) {
  return subscription.tags.length === 0 || tags.length === 0 || tags.some(picomatch(subscription.tags, { dot: true }))
}

export async function mute(bot: Bot, { id, owner }: Subscription, until: number | undefined) {
  const mutedUntil = until === undefined ? null : new Date(until)
  await bot.db.update(subscriptions).set({ mutedUntil }).where(eq(subscriptions.id, id))
  await wantHomes(bot, bot.db, { people: [owner] })
}

/**
 * Whether the owner may administer the target; asked every ten minutes. Who may not any more: it is paused, and channel and
 * owner are told; who may again: it goes on.
 */
export async function stillEntitled(bot: Bot, subscription: Subscription): Promise<boolean> {
  const { id, checkedAt, state } = subscription
  const now = bot.clock()
  if (now - checkedAt.getTime() < tenMinutes) return state === 'active'
  const entitled = await isEntitled(bot, subscription)
  await bot.db.transaction(async (tx) => {
    const asked = { checkedAt: new Date(now) }
    await tx.update(subscriptions).set(asked).where(eq(subscriptions.id, id))
    if (entitled !== (state === 'active')) await turn(bot, tx, subscription, entitled ? 'active' : 'paused')
  })
  return entitled
}

async function isEntitled(bot: Bot, { owner, target }: Subscription) {
  try {
    return hasRight(await effectiveRight(bot, await identify(bot, owner), target, { fresh: true }), 'admin')
  } catch (error) {
    // Guests, strangers and the deactivated. When Quay does not answer nobody knows, and it is asked again.
    if (error instanceof Failure && error.code === 'denied') return false
    throw error
  }
}

const turns = {
  paused:
    'The subscription to {target} is paused: whoever subscribed may not administer it in Quay any more. Somebody who may can subscribe again.',
  active: 'The subscription to {target} goes on: whoever subscribed may administer it in Quay again.',
}

/** Pauses a subscription or lets it go on, and says so; of several replicas one does. */
async function turn(bot: Bot, tx: Db, { id, channel, target, owner, state: before }: Subscription, state: keyof typeof turns) {
  const sentence: Sentence = { message: turns[state], values: { target } }
  const turned = await tx
    .update(subscriptions)
    .set({ state, reason: state === 'paused' ? sentence : null })
    .where(and(eq(subscriptions.id, id), eq(subscriptions.state, before)))
    .returning({ id: subscriptions.id })
  if (turned.length === 0) return
  for (const to of [channel, owner]) await wantNotice(bot, tx, to, `${state} ${id} ${bot.clock()}`, sentence)
  await wantHomes(bot, tx, { people: [owner] })
}

const whyGone: Record<string, string> = {
  channel_not_found: 'The subscription to {target} in <#{channel}> has ended: the channel is gone, or I am not in it.',
  not_in_channel: 'The subscription to {target} in <#{channel}> has ended: I was taken out of the channel. Invite me and subscribe again.',
  is_archived: 'The subscription to {target} in <#{channel}> has ended: the channel is archived.',
}

/** Slack will never take a message for this channel again: its subscriptions end, and their owners are told by direct message. */
export async function endChannel(bot: Bot, tx: Db, channel: string, error: string): Promise<void> {
  const message =
    whyGone[error === 'is_inactive' ? 'is_archived' : error] ??
    'The subscription to {target} in <#{channel}> has ended: Slack refuses my messages there ({error}).'
  const ended = await tx
    .update(subscriptions)
    .set({ state: 'ended' })
    .where(and(eq(subscriptions.channel, channel), ne(subscriptions.state, 'ended')))
    .returning()
  for (const { id, target, owner } of ended) {
    const reason = { message, values: { target, channel, error } }
    await tx.update(subscriptions).set({ reason }).where(eq(subscriptions.id, id))
    await wantNotice(bot, tx, owner, `ended ${id} ${bot.clock()}`, reason)
  }
  if (ended.length > 0) await enqueue(bot, tx, 'reconcile', {})
  await wantHomes(bot, tx, { people: ended.map(({ owner }) => owner) })
}
