import type { Cache } from '../core/ttl-cache.ts'
import type { Quay } from '../quay/registry.ts'

// Readiness: a change of one permission leaves it valid.
const kept = 'probe'

/**
 * Clears the cached permissions and objects after every change that the bot makes in Quay. It observes all calls in one place,
 * so that no command can forget it, and includes calls whose answer was lost. Call it before `quay` is copied: a copy keeps
 * the observer that it was made with.
 */
export function forgetOnChange(quay: Quay, cache: Cache) {
  const observe = quay.observe
  quay.observe = (call) => {
    observe?.(call)
    if (call.method === 'GET') return
    for (const key of cache.keys()) if (key !== kept) cache.delete(key)
  }
}
