import type { World } from './call.ts'
import { pushTag } from './pushes.ts'
import { seed } from './seed.ts'
import { deliver } from './webhooks.ts'

export function createWorld(options: { clock: () => number; origin: () => string }): World {
  const registry = {
    ...seed(options.clock()),
    pushTag: (repository: string, tag: string, performer?: string) => pushTag(world, repository, tag, performer),
  }
  const world: World = {
    registry,
    now: options.clock,
    origin: options.origin,
    notify: (repository, event, data) => deliver(world, repository, event, data),
  }
  return world
}
