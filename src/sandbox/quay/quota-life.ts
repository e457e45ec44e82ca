import type { World } from './call.ts'
import { readable, usageOf } from './quota-view.ts'
import type { Namespace, Quota } from './registry.ts'
import { knowsEvent } from './webhooks.ts'

/** Tells of each limit of a quota when it is passed, and anew when it was not in between. */
export function announceQuotas(world: World) {
  if (!world.registry.features.QUOTA_NOTIFICATIONS || !knowsEvent(world.registry, 'quota_warning')) return
  for (const organization of world.registry.organizations) {
    for (const quota of organization.quotas) announce(world, organization, quota)
  }
}

function announce(world: World, organization: Namespace, { limitBytes, limits }: Quota) {
  const usage = usageOf(world, organization.name)
  const passed = limits.filter(({ percent }) => usage * 100 >= limitBytes * percent)
  const told = organization.quotaTold ?? []
  organization.quotaTold = passed.map(({ percent }) => percent)
  for (const { type, percent } of passed) {
    if (told.includes(percent)) continue
    world.notify(organization.name, type === 'Reject' ? 'quota_error' : 'quota_warning', {
      threshold_percent: percent,
      usage_bytes: usage,
      limit_bytes: limitBytes,
      usage_percent: Math.floor((usage * 100) / limitBytes),
      usage_bytes_formatted: readable(usage),
      limit_bytes_formatted: readable(limitBytes),
    })
  }
}
