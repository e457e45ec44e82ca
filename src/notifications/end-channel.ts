import { and, eq, ne } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { entryOf } from '../core/foreign-text.ts'
import type { Db } from '../db/database.ts'
import { subscriptions } from '../db/schema.ts'
import { namespaceOf } from '../quay/names.ts'
import { enqueueNotice } from './cards.ts'
import { enqueueHomeRefresh } from './home-refresh.ts'
import { enqueuePass } from './namespace-pass.ts'

const whyGone: Record<string, string> = {
  channel_not_found: 'The subscription to {target} in <#{channel}> has ended: the channel was deleted, or Quaymaster is not in it.',
  not_in_channel:
    'The subscription to {target} in <#{channel}> has ended: Quaymaster was removed from the channel. Invite Quaymaster and subscribe again.',
  is_archived: 'The subscription to {target} in <#{channel}> has ended: the channel is archived.',
}

/** Slack no longer accepts messages for this channel: ends its subscriptions and tells their owners by direct message. */
export async function endChannel(bot: Bot, tx: Db, channel: string, error: string): Promise<void> {
  const message =
    entryOf(whyGone, error === 'is_inactive' ? 'is_archived' : error) ??
    'The subscription to {target} in <#{channel}> has ended: Slack refuses Quaymaster’s messages there ({error}).'
  const ended = await tx
    .update(subscriptions)
    .set({ state: 'ended' })
    .where(and(eq(subscriptions.channel, channel), ne(subscriptions.state, 'ended')))
    .returning()
  for (const { id, target, owner } of ended) {
    const reason = { message, values: { target, channel, error } }
    await tx.update(subscriptions).set({ reason }).where(eq(subscriptions.id, id))
    await enqueueNotice(bot, tx, owner, `ended ${id} ${bot.clock()}`, reason)
  }
  await enqueuePass(
    bot,
    tx,
    ended.map(({ target }) => namespaceOf(target)),
  )
  await enqueueHomeRefresh(bot, tx, { people: ended.map(({ owner }) => owner) })
}
