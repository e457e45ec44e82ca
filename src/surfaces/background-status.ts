import { count } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { aMinute } from '../core/durations.ts'
import type { Translate } from '../core/i18n.ts'
import { backgroundLimit, countBackgroundCalls } from '../db/background-share.ts'
import { namespacePasses } from '../db/schema.ts'
import { oldestUnfinished } from '../notifications/namespace-pass.ts'
import { readPlan } from '../notifications/pass-plan.ts'
import { moment } from '../slack/blocks.ts'

/** What subscriptions and other background work cost, for `/quay status`. */
export interface Background {
  /** Calls to Quay in the last hour, and how many an hour may have. */
  calls: number
  limit: number
  namespaces: number
  /** Minutes between two looks at a namespace. */
  minutes: number
  /** The pass that has waited longest, and since when, in milliseconds since 1970. */
  oldest: { namespace: string; since: number } | undefined
}

/** Throws the database's Failure. */
export async function backgroundOf(bot: Pick<Bot, 'db' | 'clock' | 'config'>): Promise<Background> {
  const [calls, plan, oldest, [row]] = await Promise.all([
    countBackgroundCalls(bot.db, bot.clock()),
    readPlan(bot),
    oldestUnfinished(bot),
    bot.db.select({ namespaces: count() }).from(namespacePasses),
  ])
  const minutes = Math.ceil(plan.namespaces / aMinute)
  return { calls, limit: backgroundLimit(bot.config.QUAY_RATE), namespaces: row?.namespaces ?? 0, minutes, oldest }
}

/** The lines of `/quay status` about work in the background. */
export function backgroundFields({ calls, limit, namespaces, minutes, oldest }: Background, t: Translate): [string, string][] {
  const cost = t('{calls, plural, one {# call} other {# calls}} to Quay in the last hour, of at most {limit, number}', { calls, limit })
  if (namespaces === 0) return [[t.plain('Background work'), cost]]
  const looks = t(
    '{namespaces, plural, one {# namespace} other {# namespaces}}, each about every {minutes, plural, one {minute} other {# minutes}}{late, select, no {} other {; {namespace} has been waiting since {since}}}',
    { namespaces, minutes, late: oldest ? 'yes' : 'no', namespace: oldest?.namespace ?? '', since: moment(oldest?.since ?? 0) },
  )
  return [
    [t.plain('Background work'), cost],
    [t.plain('Subscriptions'), looks],
  ]
}
