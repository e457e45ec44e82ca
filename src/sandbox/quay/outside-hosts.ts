import type { Call } from './call.ts'
import { invalidRequest } from './errors.ts'
import { has } from './release.ts'

const isPrivate = (host: string) => /^(localhost|127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|0\.|\[)/.test(host)

/** A registry to fetch from: its name must resolve, publicly. Here `.invalid` and names without a dot do not (docs/quay.md, Mirror). */
export function requirePublicHost(call: Call, reference: string, checks: 'mirrorHostChecks' | 'cacheHostChecks') {
  // Not every release looks (docs/quay.md, Releases §1b).
  if (!has(call.world.registry, checks)) return
  if (reference.includes('://')) invalidRequest(call, 'External registry reference must not include a URL scheme')
  const host = (reference.split('/')[0] ?? '').replace(/:\d+$/, '')
  if (isPrivate(host)) invalidRequest(call, 'The provided registry location is not allowed')
  if (!host.includes('.') || host.endsWith('.invalid')) invalidRequest(call, `Cannot resolve hostname '${host}'`)
}
