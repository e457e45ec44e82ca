/** How many calls nginx lets through to the API, from one address: `burst` more at once than `rate` a second. */
export interface CallLimit {
  rate: number
  burst: number
}

/** Quay's own, with FEATURE_RATE_LIMITS (docs/quay.md, Rate limits). */
export const quaysLimit: CallLimit = { rate: 5, burst: 25 }

/**
 * Whether nginx lets a call of this address through at this time (milliseconds): a bucket that leaks `rate` calls a second and
 * holds `burst` besides the one that passes. A refused call adds nothing to it.
 */
export function openNginx() {
  const buckets = new Map<string, { excess: number; at: number }>()
  return (limit: CallLimit | undefined, address: string, now: number): boolean => {
    if (!limit) return true
    const last = buckets.get(address)
    const excess = last ? Math.max(0, last.excess - ((now - last.at) / 1000) * limit.rate + 1) : 0
    if (excess > limit.burst) return false
    buckets.set(address, { excess, at: now })
    return true
  }
}
