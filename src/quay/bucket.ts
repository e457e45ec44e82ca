/** Tokens that come in at a rate and are kept up to a number: every call takes one. */
export interface Bucket {
  /** How many there are now; below 0 after a call that could not wait. */
  tokens(now: number): number
  take(now: number): void
  /** Another rate a second and another most, from now on. */
  set(now: number, rate: number, most: number): void
  /** Milliseconds until there are so many. */
  until(now: number, tokens: number): number
}

/** Full at first. `now`: milliseconds of any clock that does not go back. */
export function openBucket(rate: number, most: number, now: number): Bucket {
  let level = most
  let at = now

  function tokens(now: number) {
    level = Math.min(most, level + (Math.max(0, now - at) / 1000) * rate)
    at = now
    return level
  }

  return {
    tokens,
    take: (now) => {
      level = tokens(now) - 1
    },
    set: (now, nextRate, nextMost) => {
      tokens(now)
      rate = nextRate
      most = nextMost
    },
    until: (now, wanted) => Math.max(0, ((wanted - tokens(now)) / rate) * 1000),
  }
}
