import { and, asc, eq, lt, ne, sql } from 'drizzle-orm'
import { LRUCache } from 'lru-cache'
import { type Bot, inBackground } from '../context.ts'
import { aMinute } from '../core/durations.ts'
import { attemptEach } from '../core/each-row.ts'
import { keeps } from '../core/kept.ts'
import { isStopped } from '../core/timers.ts'
import { alone } from '../db/lease.ts'
import { subscriptions } from '../db/schema.ts'
import { tellsOfQuotas } from '../quay/notifications.ts'
import { namespaceOfTarget } from './namespace-pass.ts'
import { checkOwners, type Entitled } from './owner-check.ts'
import { readPlan } from './pass-plan.ts'
import { lookAtQuota } from './quota.ts'

const atOnce = 100
// Less than the queue allows a job (db/queues.ts).
const runFor = 20 * aMinute
const tenMinutes = 10 * aMinute
const callsPerQuota = 2
// Of QUAY_RATE.
const quotaShare = 0.02

/**
 * The `heal-subscriptions` job checks, on one replica at a time, whether owners still have their permissions, the longest
 * unchecked first, and polls quotas of which Quay sends no events.
 */
export async function goRounds(all: Bot): Promise<void> {
  const bot = inBackground(all, 'webhooks')
  await alone(bot, 'rounds', async (signal) => {
    const until = performance.now() + runFor
    const mayGoOn = () => performance.now() < until && !signal.aborted && !isStopped(bot)
    await checkAllOwners(bot, mayGoOn)
    if (mayGoOn()) await lookAtQuotas(bot)
  })
}

async function checkAllOwners(bot: Bot, mayGoOn: () => boolean) {
  const { owners } = await readPlan(bot)
  const isDue = and(ne(subscriptions.state, 'ended'), lt(subscriptions.checkedAt, new Date(bot.clock() - owners)))
  // Whoever subscribed several channels to one target is checked once.
  const entitled: Entitled = new Map()
  const due = await bot.db.select().from(subscriptions).where(isDue).orderBy(asc(subscriptions.checkedAt)).limit(atOnce)
  await attemptEach(
    bot.log,
    due,
    ({ id }) => ({ subscription: id }),
    async (one) => mayGoOn() && checkOwners(bot, one, entitled),
  )
}

/** An older release sends no events of quotas, and webhooks may not reach the bot. */
async function lookAtQuotas(bot: Bot) {
  if (bot.config.PUBLIC_URL !== undefined && tellsOfQuotas(bot.quay)) return
  const rows = await bot.db
    .selectDistinct({ namespace: namespaceOfTarget })
    .from(subscriptions)
    .where(and(eq(subscriptions.state, 'active'), sql`${subscriptions.groups} @> '["quota"]'::jsonb`))
  const interval = Math.max(tenMinutes, ((rows.length * callsPerQuota) / (bot.config.QUAY_RATE * quotaShare)) * 1_000)
  const looked = looksOf(bot)
  const due = rows.filter(({ namespace }) => (looked.get(namespace) ?? 0) <= bot.clock() - interval)
  await attemptEach(
    bot.log,
    due,
    (about) => about,
    async ({ namespace }) => {
      looked.set(namespace, bot.clock())
      await lookAtQuota(bot, bot.quay, namespace)
    },
  )
}

/** When the quota of each namespace was last polled. */
const looksOf = keeps(() => new LRUCache<string, number>({ max: 10_000 }))
