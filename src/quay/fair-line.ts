/** A call that waits for its turn. */
export interface Place {
  person: string
  /** Lower goes first; of equal ones who came first. */
  order: number
  go: () => void
  /** It is not waited for any longer. */
  drop: () => void
}

export interface FairLine {
  /** Joins, and returns the place. */
  join(person: string, then: Pick<Place, 'go' | 'drop'>): Place
  /** Takes out who is next. */
  next(): Place | undefined
  leave(place: Place): void
  clear(): void
  /** Those who wait, first who is next. */
  all(): Place[]
}

/**
 * Who waits in one class, by start-time fair queuing: a person's n-th waiting call stands n places back, so it goes behind the
 * first call of everybody else, and nobody who asks again and again overtakes who has waited.
 */
export function openFairLine(): FairLine {
  let now = 0
  let waiting: Place[] = []
  const last = new Map<string, number>()

  function join(person: string, then: Pick<Place, 'go' | 'drop'>) {
    const place = { person, order: Math.max(now, (last.get(person) ?? -1) + 1), ...then }
    last.set(person, place.order)
    const behind = waiting.findLastIndex(({ order }) => order <= place.order)
    waiting.splice(behind + 1, 0, place)
    return place
  }

  function next() {
    const place = waiting.shift()
    if (!place) return undefined
    now = Math.max(now, place.order)
    // Whose last place is passed starts anew like a stranger.
    for (const [person, order] of last) if (order < now) last.delete(person)
    return place
  }

  function leave(place: Place) {
    waiting = waiting.filter((one) => one !== place)
  }

  function clear() {
    waiting = []
  }

  return { join, next, leave, clear, all: () => waiting }
}
