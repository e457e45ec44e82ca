import { and, eq, gt, inArray, max } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { aMinute } from '../core/durations.ts'
import { events, hooks } from '../db/schema.ts'
import type { ListedRepository } from '../quay/repositories.ts'
import { namespaceOfObject } from './namespace-pass.ts'
import type { Plan } from './pass-plan.ts'
import type { Webhook } from './webhook-registration.ts'
import type { Signs } from './webhook-signs.ts'

const tenMinutes = 10 * aMinute
// An event arrives a moment after the push, and clocks differ.
const slack = 5_000

interface Seen {
  namespace: string
  /** The repositories as Quay lists them; undefined if the namespace was not listed. */
  list: ListedRepository[] | undefined
  plan: Plan
  /** What the usage log says, where it was looked at. */
  signs?: Pick<Signs, 'silent'> | undefined
}

/**
 * The objects whose notifications are looked at, a call each: those that should have told something and did not, and, at
 * longer intervals, all others. The list of a namespace says when each of its repositories was last pushed to, and its usage log what
 * else should have been told, so a webhook that Quay has disabled or lost shows in the next pass, without a call per repository.
 */
export async function findDoubtful(bot: Bot, { namespace, list, plan, signs }: Seen): Promise<Map<string, Webhook[]>> {
  const now = bot.clock()
  const own = await bot.db.select().from(hooks).where(eq(namespaceOfObject, namespace))
  const objects = Map.groupBy(own, ({ object }) => object)
  const pushed = new Map((list ?? []).map(({ name, lastModified }) => [name, Date.parse(lastModified ?? '')]))
  const checkedAt = (webhooks: Webhook[]) => Math.min(...webhooks.map((one) => one.checkedAt.getTime()))
  const silent = await withoutEvent(
    bot,
    [...objects].flatMap(([object, webhooks]) => {
      const at = pushed.get(object) ?? Number.NaN
      return at + slack > checkedAt(webhooks) && at + slack < now ? [{ object, at }] : []
    }),
  )
  const interval = list || signs ? plan.objects : tenMinutes
  const isDoubtful = ([object, webhooks]: [string, Webhook[]]) =>
    silent.has(object) ||
    signs?.silent.has(object) ||
    webhooks.some(({ problem }) => problem !== null) ||
    checkedAt(webhooks) <= now - interval
  return new Map([...objects].filter(isDoubtful))
}

/** Those of which no event has come since their last push. */
async function withoutEvent({ db }: Bot, changed: { object: string; at: number }[]): Promise<Set<string>> {
  if (changed.length === 0) return new Set()
  const since = new Date(Math.min(...changed.map(({ at }) => at)) - slack)
  const names = changed.map(({ object }) => object)
  const heard = await db
    .select({ object: events.object, at: max(events.receivedAt) })
    .from(events)
    .where(and(inArray(events.object, names), gt(events.receivedAt, since), eq(events.source, 'webhook')))
    .groupBy(events.object)
  const last = new Map(heard.map(({ object, at }) => [object, at?.getTime() ?? 0]))
  return new Set(changed.filter(({ object, at }) => (last.get(object) ?? 0) < at - slack).map(({ object }) => object))
}
