import type { World } from './call.ts'
import { fullName } from './lookup.ts'
import type { Notification } from './repository-parts.ts'
import type { Repository, Tag } from './repository-state.ts'
import { enqueue } from './webhooks.ts'

const day = 24 * 3600 * 1000

/** Tells of tags that expire within the days a notification asks for, of each once; without days it never does (docs/quay.md, Notifications). */
export function announceExpiries(world: World) {
  // Off in Quay's defaults: the event may be asked for all the same, and never comes (docs/quay.md, Releases §1b).
  if (!world.registry.features.IMAGE_EXPIRY_TRIGGER) return
  for (const repository of world.registry.repositories) {
    for (const notification of repository.notifications)
      if (notification.event === 'repo_image_expiry') announce(world, repository, notification)
  }
}

function announce(world: World, repository: Repository, notification: Notification) {
  const { days } = notification.eventConfig
  if (typeof days !== 'number') return
  const now = world.now()
  const isDue = ({ end }: Tag) => end !== null && end > now && end <= now + days * day
  const key = ({ name, end }: Tag) => `${name} ${end}`
  const fresh = repository.tags.filter((tag) => isDue(tag) && !notification.told?.includes(key(tag)))
  if (fresh.length === 0) return
  notification.told = [...(notification.told ?? []), ...fresh.map(key)]
  const data = { tags: fresh.map(({ name }) => name), expiring_in: `${days} days`, notification_uuid: notification.uuid }
  enqueue(world, fullName(repository), notification, data)
}
