import { eq, ne, sql } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { attemptRow } from '../core/each-row.ts'
import type { Subscription } from '../db/event-tables.ts'
import { follows, hooks, subscriptions } from '../db/schema.ts'
import { withPriority } from '../quay/http.ts'
import { isUnaddressable, namespaceOf } from '../quay/names.ts'
import { tellsOfQuotas } from '../quay/notifications.ts'
import type { Quay } from '../quay/registry.ts'
import { listAllRepositories } from '../quay/repositories.ts'
import { watchRepository } from './builds/poll.ts'
import { eventsOf } from './event-kinds.ts'
import { isWildcard } from './target.ts'
import { ensureWebhook, removeWebhook, type Webhook } from './webhook-registration.ts'

/** The webhooks that subscriptions need: each repository with its events. */
type Wanted = Map<string, Set<string>>

/** Maximum number of Quay notifications for `acme/*`, unless the policy sets another. */
export const ceilingOf = ({ policy }: Pick<Bot, 'policy'>) => policy.subscriptions?.ceiling ?? 500

/**
 * The `reconcile` job registers webhooks for exactly what is subscribed to, also after repositories were created or
 * deleted. The next run retries failures, which do not stop the rest.
 */
export async function reconcile(bot: Bot): Promise<void> {
  const quay = withPriority(bot.quay, { class: 'background' })
  const active = await bot.db.select().from(subscriptions).where(ne(subscriptions.state, 'ended'))
  const wanted: Wanted = new Map()
  let complete = true
  for (const one of active) {
    complete =
      (await attemptRow(bot.log, { subscription: one.id }, async () => add(wanted, await objectsOf(quay, one.target, one.groups)))) &&
      complete
  }
  // An event that Quay does not accept must not prevent the others.
  for (const [object, events] of wanted)
    for (const event of events) await attemptRow(bot.log, { object, event }, () => ensureAll(bot, quay, object, new Set([event])))
  // Nothing is removed until all needs are known.
  if (complete) await removeUnwanted(bot, quay, wanted)
}

/** Registers the webhooks of one subscription now, while its owner waits. Throws what Quay's client throws. */
export async function ensureWebhooks(bot: Bot, quay: Quay, repository: string, groups: readonly string[]): Promise<void> {
  await ensureAll(bot, quay, repository, new Set(eventsOf(groups)))
}

/** The number of notifications of a subscription, for its preview. */
export async function countWebhooks(
  quay: Quay,
  target: string,
  groups: readonly string[],
): Promise<{ repositories: number; notifications: number }> {
  const objects = [...(await objectsOf(quay, target, groups))]
  const notifications = objects.reduce((sum, [, events]) => sum + events.length, 0)
  return { repositories: objects.filter(([object]) => object.includes('/')).length, notifications }
}

/** The present repositories of a subscription. */
export async function targetRepositories(quay: Quay, { target }: Pick<Subscription, 'target'>): Promise<string[]> {
  if (!isWildcard(target)) return [target]
  const all = await listAllRepositories(quay, namespaceOf(target))
  return [...new Set(all.map(({ name }) => name).filter((name) => !isUnaddressable(name)))]
}

/** The objects with their events: repositories, and the namespace for its quota if Quay supports that. */
async function objectsOf(quay: Quay, target: string, groups: readonly string[]): Promise<Map<string, string[]>> {
  const events = eventsOf(groups)
  const own = events.filter((event) => !isOfNamespace(event))
  const repositories = own.length > 0 ? await targetRepositories(quay, { target }) : []
  const objects = new Map(repositories.map((repository) => [repository, own]))
  const ofNamespace = events.filter(isOfNamespace)
  if (isWildcard(target) && ofNamespace.length > 0 && tellsOfQuotas(quay)) objects.set(namespaceOf(target), ofNamespace)
  return objects
}

function add(wanted: Wanted, objects: Map<string, string[]>) {
  for (const [object, events] of objects) wanted.set(object, (wanted.get(object) ?? new Set()).union(new Set(events)))
}

const isOfNamespace = (event: string) => event.startsWith('quota_')

async function ensureAll(bot: Bot, quay: Quay, object: string, events: Set<string>) {
  const ofBuilds = [...events].some((event) => event.startsWith('build_'))
  if (bot.config.PUBLIC_URL === undefined) {
    if (ofBuilds) await bot.db.transaction((tx) => watchRepository(bot, tx, object))
    return
  }
  for (const event of events) await ensureWebhook(bot, quay, object, event)
}

async function removeUnwanted(bot: Bot, quay: Quay, wanted: Wanted) {
  const isWanted = ({ object, event }: Webhook) => wanted.get(object)?.has(event)
  for (const webhook of await bot.db.select().from(hooks))
    if (!isWanted(webhook))
      await attemptRow(bot.log, { object: webhook.object, event: webhook.event }, () => removeWebhook(bot, quay, webhook))
  const watched = await bot.db.select().from(follows).where(sql`${follows.watchedSince} is not null`)
  for (const { repository } of watched) {
    if (!wanted.has(repository)) await bot.db.update(follows).set({ watchedSince: null }).where(eq(follows.repository, repository))
  }
}
