import type { World } from './call.ts'
import { findNamespace } from './lookup.ts'
import type { Tag } from './repository-state.ts'

/** Quay's garbage collector, every minute of the simulator's clock unless `cleanUp.every` says otherwise. */
export function cleanUpWhenDue(world: World) {
  const { every, last } = world.registry.cleanUp
  if (every !== null && world.now() - last >= every) cleanUp(world)
}

/** Takes away for good: deleted repositories' rows, deleted namespaces' names, and tags that the time machine no longer reaches. */
export function cleanUp({ registry, now }: World) {
  registry.cleanUp.last = now()
  registry.deletedRepositories = []
  registry.deletedNames = []
  for (const repository of registry.repositories) {
    const recoverable = (findNamespace(registry, repository.namespace)?.tagExpiration ?? 0) * 1000
    const isKept = ({ end }: Tag) => end === null || end + recoverable > now()
    repository.tags = repository.tags.filter(isKept)
  }
}
