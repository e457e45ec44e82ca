import { and, eq, ne } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { attemptEach } from '../core/each-row.ts'
import { Failure } from '../core/failure.ts'
import type { Sentence } from '../core/i18n.ts'
import type { Db } from '../db/database.ts'
import type { Subscription } from '../db/event-tables.ts'
import { subscriptions } from '../db/schema.ts'
import { namespaceOf } from '../quay/names.ts'
import { findOrganization } from '../quay/organizations.ts'
import type { ListedRepository } from '../quay/repositories.ts'
import { findRepository } from '../quay/repositories.ts'
import { findUser } from '../quay/users.ts'
import { enqueueNotice } from './cards.ts'
import { enqueueHomeRefresh } from './home-refresh.ts'
import { isWildcard } from './target.ts'

/**
 * Whether Quay says that the target of a subscription does not exist: deleted, or renamed. What Quay only refuses to show is not gone.
 * Throws `unavailable` if Quay does not answer.
 */
export async function isGone({ quay }: Pick<Bot, 'quay'>, target: string): Promise<boolean> {
  try {
    if (!isWildcard(target)) return (await findRepository(quay, target)) === undefined
    const namespace = namespaceOf(target)
    return (await findOrganization(quay, namespace)) === undefined && (await findUser(quay, namespace)) === undefined
  } catch (error) {
    if (error instanceof Failure && error.code !== 'unavailable') return false
    throw error
  }
}

/**
 * Ends the subscriptions of a namespace whose target is gone, and returns the others. With the list of the namespace only what is
 * not in it is asked for.
 */
export async function withoutGone(bot: Bot, all: Subscription[], list: ListedRepository[] | undefined): Promise<Subscription[]> {
  const names = list && new Set(list.map(({ name }) => name))
  const isDoubtful = (target: string) => (isWildcard(target) ? !names?.size : !names?.has(target))
  const gone = new Set<string>()
  const doubtful = [...new Set(all.map(({ target }) => target))].filter(isDoubtful)
  await attemptEach(
    bot.log,
    doubtful,
    (target) => ({ target }),
    async (target) => {
      if (!(await isGone(bot, target))) return
      gone.add(target)
      await bot.db.transaction(async (tx) => {
        for (const one of all.filter((other) => other.target === target)) await endSubscription(bot, tx, one)
      })
    },
  )
  return all.filter(({ target }) => !gone.has(target))
}

/** Ends a subscription whose target is gone, and tells the channel and its owner; only one of several replicas does so. */
export async function endSubscription(bot: Bot, tx: Db, { id, channel, target, owner }: Subscription): Promise<void> {
  const reason = reasonFor(target)
  const ended = await tx
    .update(subscriptions)
    .set({ state: 'ended', reason })
    .where(and(eq(subscriptions.id, id), ne(subscriptions.state, 'ended')))
    .returning({ id: subscriptions.id })
  if (ended.length === 0) return
  const key = `gone ${id} ${bot.clock()}`
  // People of other workspaces may read the channel by now; the name of a namespace is not secret.
  await enqueueNotice(bot, tx, channel, key, reason, isWildcard(target) ? undefined : target)
  await enqueueNotice(bot, tx, owner, key, reason)
  await enqueueHomeRefresh(bot, tx, { people: [owner] })
}

function reasonFor(target: string): Sentence {
  return isWildcard(target)
    ? {
        message: 'The subscription to {target} has ended: Quay no longer has {namespace}. If it was renamed, subscribe to its new name.',
        values: { target, namespace: namespaceOf(target) },
      }
    : {
        message:
          'The subscription to {target} has ended: Quay no longer has this repository. If its namespace was renamed, subscribe to its new name.',
        values: { target },
      }
}
