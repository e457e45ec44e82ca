import { and, desc, eq, inArray } from 'drizzle-orm'
import { type Bot, enqueue } from '../context.ts'
import { events } from '../db/schema.ts'
import { findOrganization } from '../quay/organizations.ts'
import { listQuotas } from '../quay/quotas.ts'
import type { Quay } from '../quay/registry.ts'

const kinds = ['quota_warning', 'quota_error', 'quota_well']

/** The quota and the usage of an organization, in bytes; undefined if it has no quota. */
export async function readQuota(quay: Quay, name: string): Promise<{ used: number; limit: number } | undefined> {
  const found = await findOrganization(quay, name)
  return found?.quota ? { used: found.size ?? 0, limit: found.quota } : undefined
}

/**
 * Polls the quota of an organization if Quay sends no webhook for it or one may be lost. A passed threshold is one event, until
 * another or none is passed.
 */
export async function lookAtQuota(bot: Bot, quay: Quay, name: string): Promise<void> {
  const reached = await reachedLimit(quay, name)
  const [last] = await bot.db
    .select({ kind: events.kind, body: events.body })
    .from(events)
    .where(and(eq(events.object, name), inArray(events.kind, kinds)))
    .orderBy(desc(events.id))
    .limit(1)
  const before = last?.kind ?? 'quota_well'
  if (reached.kind === before && (last?.body?.percent === undefined || last.body.percent === reached.percent)) return
  const now = new Date(bot.clock())
  await bot.db.transaction(async (tx) => {
    const key = `${reached.kind} ${name} ${now.getTime()}`
    const row = { object: name, kind: reached.kind, source: 'poll' as const, key, body: { percent: reached.percent }, receivedAt: now }
    await tx.insert(events).values(row).onConflictDoNothing()
    await enqueue(bot, tx, 'fan-out', {})
  })
}

/** The highest threshold that is passed. A quota without thresholds refuses pushes when it is full. */
async function reachedLimit(quay: Quay, name: string): Promise<{ kind: string; percent: number }> {
  const now = await readQuota(quay, name)
  if (!now) return { kind: 'quota_well', percent: 0 }
  const [quota] = await listQuotas(quay, { kind: 'organization', name })
  const limits = quota?.limits.length ? quota.limits : [{ type: 'reject', percent: 100 } as const]
  const passed = limits.filter(({ percent }) => now.used * 100 >= now.limit * percent).toSorted((one, other) => one.percent - other.percent)
  const highest = passed.at(-1)
  if (!highest) return { kind: 'quota_well', percent: 0 }
  return { kind: highest.type === 'reject' ? 'quota_error' : 'quota_warning', percent: highest.percent }
}
