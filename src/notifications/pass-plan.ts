import { sql, sum } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { aMinute, anHour } from '../core/durations.ts'
import { backgroundLimit } from '../db/background-share.ts'
import { namespacePasses } from '../db/schema.ts'
import { isWildcard } from './target.ts'

// How often each thing is looked at while that fits its part of QUAY_RATE; otherwise less often, until it fits. Together the parts
// stay below the share of all background work (db/background-share.ts).
const atLeast = 10 * aMinute
const shares = { namespaces: 0.092, lists: 0.036, owners: 0.015, objects: 0.015 }
// Calls to check whether the owner of a subscription still has the permission: the account, and the teams or permissions.
const callsPerOwner = 3
const listedAtOnce = 100

/**
 * Milliseconds between two looks: at each namespace, at the list of its repositories where nothing says that they are others, at each
 * owner's permission, and at each object without a sign of trouble.
 */
export interface Plan {
  namespaces: number
  lists: number
  owners: number
  objects: number
}

/** The intervals for the present subscriptions. One query. */
export async function readPlan({ db, config }: Pick<Bot, 'db' | 'config'>): Promise<Plan> {
  const [row] = await db
    .select({
      // Of what has a log that Quay shows, a look is one call, and lists come seldom.
      looks: sum(sql`case when ${namespacePasses.counted} is null then ${namespacePasses.calls} else 1 end`).mapWith(Number),
      lists: sum(sql`case when ${namespacePasses.counted} is null then 0 else ${namespacePasses.calls} end`).mapWith(Number),
      objects: sum(namespacePasses.objects).mapWith(Number),
      owners: sum(namespacePasses.subscriptions).mapWith(Number),
    })
    .from(namespacePasses)
  const stretched = (calls: number, share: number) => Math.max(atLeast, (calls / (config.QUAY_RATE * share)) * 1_000)
  return {
    namespaces: stretched(row?.looks ?? 0, shares.namespaces),
    lists: stretched(row?.lists ?? 0, shares.lists),
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
  const counts = isWildcard(target) ? 1 / plan.namespaces : 0
  const calls = Math.ceil((lists / plan.lists + counts + looks + callsPerOwner / plan.owners) * anHour)
  return { calls, limit: backgroundLimit(bot.config.QUAY_RATE) }
}
