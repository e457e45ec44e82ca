import { and, eq } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { Failure } from '../core/failure.ts'
import type { Sentence } from '../core/i18n.ts'
import type { Db } from '../db/database.ts'
import type { Subscription } from '../db/event-tables.ts'
import { subscriptions } from '../db/schema.ts'
import { identify } from '../security/identity.ts'
import { effectivePermission, hasPermission } from '../security/permissions.ts'
import { slackFailure } from '../slack/errors.ts'
import { enqueueNotice } from './cards.ts'
import { endSubscription, isGone } from './end-target.ts'
import { enqueueHomeRefresh } from './home-refresh.ts'
import { muteWindowOf } from './mute.ts'
import { isWildcard } from './target.ts'

const tenMinutes = 600_000

/** What one run has found out already, by owner and target. */
export type Entitled = Map<string, Promise<boolean>>

/**
 * Rechecks that the owner is still an admin of the target, at most every ten minutes; pauses or resumes the subscription, and
 * tells the channel and the owner. Returns whether it is active.
 */
export async function checkOwners(bot: Bot, subscription: Subscription, known: Entitled = new Map()): Promise<boolean> {
  const { id, checkedAt, state } = subscription
  const now = bot.clock()
  if (now - checkedAt.getTime() < tenMinutes) return state === 'active'
  const key = `${subscription.owner} ${subscription.target}`
  const asked = known.get(key) ?? isEntitled(bot, subscription)
  known.set(key, asked)
  const entitled = await asked
  const gone = !entitled && state !== 'ended' && (await isGone(bot, subscription.target))
  await bot.db.transaction(async (tx) => {
    await tx
      .update(subscriptions)
      .set({ checkedAt: new Date(now) })
      .where(eq(subscriptions.id, id))
    if (gone) await endSubscription(bot, tx, subscription)
    else if (entitled !== (state === 'active')) await turn(bot, tx, subscription, entitled ? 'active' : 'paused')
  })
  return entitled
}

async function isEntitled(bot: Bot, { owner, target }: Subscription) {
  try {
    return hasPermission(await effectivePermission(bot, await identify(bot, owner), target, { bypassCache: true }), 'admin')
  } catch (error) {
    // Guests, external users, deactivated users, and ids that Slack does not know. If Quay or Slack does not answer, the check is
    // repeated: as a bug it would lose the event.
    if (error instanceof Failure && error.code === 'denied') return false
    throw slackFailure(error) ?? error
  }
}

const turns = {
  paused:
    'The subscription to {target} is paused: the subscriber no longer has admin permission in Quay. Someone with admin permission can subscribe again.',
  active: 'The subscription to {target} is active again: the subscriber has admin permission in Quay again.',
}

/** Pauses or resumes a subscription and tells both sides; only one of several replicas does so. */
async function turn(bot: Bot, tx: Db, subscription: Subscription, state: keyof typeof turns) {
  const { id, channel, target, owner, state: before } = subscription
  const sentence: Sentence = { message: turns[state], values: { target } }
  const turned = await tx
    .update(subscriptions)
    .set({ state, reason: state === 'paused' ? sentence : null, ...muteWindowOf(subscription, state, bot.clock()) })
    .where(and(eq(subscriptions.id, id), eq(subscriptions.state, before)))
    .returning({ id: subscriptions.id })
  if (turned.length === 0) return
  const key = `${state} ${id} ${bot.clock()}`
  // The channel may be shared now, and the repository may be private. The name of a namespace is not secret.
  await enqueueNotice(bot, tx, channel, key, sentence, isWildcard(target) ? undefined : target)
  await enqueueNotice(bot, tx, owner, key, sentence)
  await enqueueHomeRefresh(bot, tx, { people: [owner] })
}
