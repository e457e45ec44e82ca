import type { Bot } from '../context.ts'
import type { Subscription } from '../db/event-tables.ts'
import { isUnaddressable, namespaceOf } from '../quay/names.ts'
import { tellsOfQuotas } from '../quay/notifications.ts'
import type { Quay } from '../quay/registry.ts'
import { listAllRepositories } from '../quay/repositories.ts'
import { eventsOf } from './event-kinds.ts'
import { isWildcard } from './target.ts'

/** The notifications that subscriptions need: each object with its events. */
export type Wanted = Map<string, Set<string>>

/** Maximum number of Quay notifications for `acme/*`, unless the policy sets another. */
export const ceilingOf = ({ policy }: Pick<Bot, 'policy'>) => policy.subscriptions?.ceiling ?? 500

/** The number of notifications of a subscription, for its preview. */
export async function countWebhooks(
  quay: Quay,
  target: string,
  groups: readonly string[],
): Promise<{ repositories: number; notifications: number }> {
  const events = eventsOf(groups)
  const repositories = events.some((event) => !isOfNamespace(event)) ? await targetRepositories(quay, { target }) : []
  const objects = [...objectsOf(quay, { target, groups }, repositories)]
  const notifications = objects.reduce((sum, [, own]) => sum + own.length, 0)
  return { repositories: objects.filter(([object]) => object.includes('/')).length, notifications }
}

/** The present repositories of a subscription. */
export async function targetRepositories(quay: Quay, { target }: Pick<Subscription, 'target'>): Promise<string[]> {
  if (!isWildcard(target)) return [target]
  return addressable((await listAllRepositories(quay, namespaceOf(target))).map(({ name }) => name))
}

/** Without those that Quay cannot address safely, and each once. */
export function addressable(names: string[]): string[] {
  return [...new Set(names.filter((name) => !isUnaddressable(name)))]
}

/** The objects with their events: repositories, and the namespace for its quota if Quay supports that. `all`: the repositories of the namespace. */
export function objectsOf(quay: Quay, { target, groups }: { target: string; groups: readonly string[] }, all: string[]) {
  const events = eventsOf(groups)
  const own = events.filter((event) => !isOfNamespace(event))
  const repositories = own.length === 0 ? [] : isWildcard(target) ? all : [target]
  const objects = new Map(repositories.map((repository) => [repository, own]))
  const ofNamespace = events.filter(isOfNamespace)
  if (isWildcard(target) && ofNamespace.length > 0 && tellsOfQuotas(quay)) objects.set(namespaceOf(target), ofNamespace)
  return objects
}

/** Whether the subscription is about every repository of its namespace, and not only about its quota. */
export function needsList({ target, groups }: Pick<Subscription, 'target' | 'groups'>): boolean {
  return isWildcard(target) && eventsOf(groups).some((event) => !isOfNamespace(event))
}

const isOfNamespace = (event: string) => event.startsWith('quota_')
