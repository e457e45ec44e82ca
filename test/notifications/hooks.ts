import { eq, lte, sql } from 'drizzle-orm'
import { expect } from 'vitest'
import { hooks, leases, namespacePasses, subscriptions } from '../../src/db/schema.ts'
import { addMissing } from '../../src/notifications/namespace-pass.ts'
import { reconcile } from '../../src/notifications/webhook-reconcile.ts'
import { hashOf } from '../../src/notifications/webhook-registration.ts'
import type { startBot } from '../start-bot.ts'

type Started = Awaited<ReturnType<typeof startBot>>

/** An address of ours whose token the test knows, so that it can play Quay. */
export async function ownHook({ bot, origin }: Pick<Started, 'bot' | 'origin'>, object: string, event: string) {
  // The reconciliation with which a bot starts takes away what Quay knows nothing of.
  await expect
    .poll(async () => (await bot.boss.findJobs('reconcile')).map(({ state }) => state), { timeout: 20_000 })
    .toContain('completed')
  const token = `test-${object}-${event}`.replaceAll('/', '-')
  const now = new Date(bot.clock())
  await bot.db
    .insert(hooks)
    .values({ tokenHash: hashOf(token), object, event, notification: token, createdAt: now, checkedAt: now })
    .onConflictDoUpdate({ target: [hooks.object, hooks.event], set: { tokenHash: hashOf(token) } })
  const address = `${origin}/quay/events/${token}`
  return {
    send: (body: string | object) =>
      fetch(address, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }).then(({ status }) => status),
  }
}

/** Every namespace is due, and is passed over now. */
export async function passNow(bot: Started['bot']) {
  await addMissing(bot)
  // A pass under way must not count for this one.
  await bot.db.update(namespacePasses).set({ dueAt: new Date(bot.clock()), changes: sql`${namespacePasses.changes} + 1` })
  await reconcile(bot)
  // The bot's own run may have been at it.
  const left = async () =>
    (await bot.db.$count(namespacePasses, lte(namespacePasses.dueAt, new Date(bot.clock())))) +
    (await bot.db.$count(leases, eq(leases.name, 'passes')))
  await expect.poll(left, { timeout: 30_000 }).toBe(0)
}

/** A subscription as `subscribe` leaves it, without Quay's notifications. */
export async function ownSubscription({ bot }: Pick<Started, 'bot'>, channel: string, target: string, groups: string[], more: object = {}) {
  const now = new Date(bot.clock())
  const row = {
    id: `${channel} ${target}`,
    team: bot.slack.team,
    channel,
    target,
    owner: 'U0BEA',
    groups,
    severity: 'high',
    tags: [],
    only: 'all' as const,
    digest: 'none' as const,
  }
  await bot.db.insert(subscriptions).values({ ...row, checkedAt: now, createdAt: now, ...more })
}
