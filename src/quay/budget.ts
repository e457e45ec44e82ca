import PQueue from 'p-queue'
import { Failure } from '../core/failure.ts'

/** Whom a call serves: `interactive` goes before `job`, `job` before `background`; people of one class take turns. */
export interface Purpose {
  class: 'interactive' | 'job' | 'background'
  /** The person who waits for it; calls without one share one place. */
  person?: string
}

export interface RateLimiter {
  /** Resolves when the next call may be sent. Throws `unavailable` to who waited `limit` milliseconds in vain. */
  turn(purpose: Purpose, limit: number): Promise<void>
  /** What the person's next call still waits for: the calls ahead of it, and about how many seconds. Both 0: nothing waits. */
  waiting(person: string): { ahead: number; seconds: number }
}

interface Place {
  person: string
  priority: number
}

/**
 * One for all calls to a registry: never more than `window` seconds' worth of calls in any such time. Quay's nginx allows 5 calls
 * per second and address, and 25 more at once: three seconds' worth together stay within that, and let the calls that one command
 * makes (its rights alone are five) start together.
 */
export function openRateLimiter(rate: number, window = 3): RateLimiter {
  const cap = Math.max(1, Math.floor(rate * window))
  const queue = new PQueue({ strict: true, intervalCap: cap, interval: Math.ceil((cap / rate) * 1000) })
  const lines = { interactive: openLine(0), job: openLine(1), background: openLine(2) }
  const places: Place[] = []

  async function turn({ class: name, person = '' }: Purpose, limit: number) {
    const { join, served } = lines[name]
    const place = { person, priority: join(person) }
    places.push(place)
    try {
      await queue.add(() => served(place.priority), { priority: place.priority, signal: AbortSignal.timeout(limit) })
    } catch {
      throw new Failure('unavailable', 'Too many calls are waiting for Quay. Try again in a moment.')
    } finally {
      places.splice(places.indexOf(place), 1)
    }
  }

  function waiting(person: string) {
    const best = Math.max(...places.filter((place) => place.person === person).map(({ priority }) => priority))
    const own = places.findIndex((place) => place.person === person && place.priority === best)
    if (own < 0) return { ahead: 0, seconds: 0 }
    const ahead = places.filter(({ priority }, index) => priority > best || (priority === best && index < own)).length
    return { ahead, seconds: Math.ceil((ahead + 1) / rate) }
  }

  return { turn, waiting }
}

/**
 * The priorities of one class, by start-time fair queuing: a person's n-th waiting call stands n places back, so it goes
 * behind the first call of everybody else, and nobody who asks again and again overtakes who has waited.
 */
function openLine(rank: number) {
  let now = 0
  const last = new Map<string, number>()

  /** Takes the person's next place, and says its priority: higher goes first. */
  function join(person: string) {
    const place = Math.max(now, (last.get(person) ?? -1) + 1)
    last.set(person, place)
    return -(rank * 1e12 + place)
  }

  function served(priority: number) {
    now = Math.max(now, -priority - rank * 1e12)
    // Whose last place is passed starts anew like a stranger.
    for (const [person, place] of last) if (place < now) last.delete(person)
  }

  return { join, served }
}
