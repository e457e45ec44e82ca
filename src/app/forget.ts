import type { Cache } from '../core/ttl-cache.ts'
import type { Quay } from '../quay/registry.ts'

// Long lists, which are read without cache where they grant something, and readiness: a change of one permission leaves them valid.
const kept = new Set(['all accounts', 'probe'])

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
    const isAboutAccounts = call.template.startsWith('/superuser/users')
    for (const key of cache.keys()) if (isAboutAccounts || !kept.has(key)) cache.delete(key)
  }
}
