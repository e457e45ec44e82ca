import type { Cache } from '../core/ttl-cache.ts'
import type { Quay } from '../quay/registry.ts'

// Long lists that are read anew where they carry a right, and readiness: a change of one permission makes neither of them wrong.
const kept = new Set(['all accounts', 'probe'])

/**
 * Whatever the bot changes in Quay, it drops at once what it remembers of permissions and objects there: in the one place that
 * hears of every call, so that no command can forget to. Also after a call whose answer was lost. Call it before copies of `quay`
 * are made: they keep what they were copied with.
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
