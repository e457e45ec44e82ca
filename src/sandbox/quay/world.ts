import type { World } from './call.ts'
import { pushTag } from './pushes.ts'
import type { Registry } from './registry.ts'
import { seed } from './seed.ts'
import { deliver } from './webhooks.ts'

export function createWorld(options: { clock: () => number; origin: () => string }): World {
  const registry: Registry = {
    ...seed(options.clock()),
    pushTag: (repository, tag, performer) => pushTag(world, repository, tag, performer),
    announce: (repository, event, data) => deliver(world, repository, event, data),
  }
  const world: World = {
    registry,
    now: options.clock,
    origin: options.origin,
    notify: (repository, event, data) => deliver(world, repository, event, data),
  }
  return world
}
