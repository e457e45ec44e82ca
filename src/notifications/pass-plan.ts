import { sum } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { aMinute, anHour } from '../core/durations.ts'
import { backgroundLimit } from '../db/background-share.ts'
import { namespacePasses } from '../db/schema.ts'
import { isWildcard } from './target.ts'

// How often each thing is looked at while that fits its part of QUAY_RATE; otherwise less often, until it fits. Together the parts
// stay below the share of all background work (db/background-share.ts).
const atLeast = 10 * aMinute
const shares = { namespaces: 0.11, owners: 0.02, objects: 0.02 }
// Calls to check whether the owner of a subscription still has the permission: the account, and the teams or permissions.
const callsPerOwner = 3
const listedAtOnce = 100

/** Milliseconds between two looks: at each namespace, at each owner's permission, and at each object without a sign of trouble. */
export interface Plan {
  namespaces: number
  owners: number
  objects: number
}

/** The intervals for the present subscriptions. One query. */
export async function readPlan({ db, config }: Pick<Bot, 'db' | 'config'>): Promise<Plan> {
  const [row] = await db
    .select({
      calls: sum(namespacePasses.calls).mapWith(Number),
      objects: sum(namespacePasses.objects).mapWith(Number),
      owners: sum(namespacePasses.subscriptions).mapWith(Number),
    })
    .from(namespacePasses)
  const stretched = (calls: number, share: number) => Math.max(atLeast, (calls / (config.QUAY_RATE * share)) * 1_000)
  return {
    namespaces: stretched(row?.calls ?? 0, shares.namespaces),
    owners: stretched((row?.owners ?? 0) * callsPerOwner, shares.owners),
    objects: stretched(row?.objects ?? 0, shares.objects),
  }
}

/** About how many calls per hour a new subscription adds at the present intervals, and how many all background work may make. */
export async function costOf(
  bot: Pick<Bot, 'db' | 'config'>,
  target: string,
  repositories: number,
): Promise<{ calls: number; limit: number }> {
  const plan = await readPlan(bot)
  const lists = isWildcard(target) ? Math.max(1, Math.ceil(repositories / listedAtOnce)) : 0
  const looks = isWildcard(target) ? repositories / plan.objects : 1 / plan.namespaces
  const calls = Math.ceil((lists / plan.namespaces + looks + callsPerOwner / plan.owners) * anHour)
  return { calls, limit: backgroundLimit(bot.config.QUAY_RATE) }
}
