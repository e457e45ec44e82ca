import { Failure } from '../core/failure.ts'
import { type Bucket, openBucket } from './bucket.ts'
import { type FairLine, openFairLine, type Place } from './fair-line.ts'
import { type CallClass, callClasses, shares, type Work } from './shares.ts'
import { openSpending } from './spending.ts'

/** Whom a call serves; people of one class take turns. */
export interface Purpose {
  class: CallClass
  /** The person who waits for it; calls without one share one place. */
  person?: string
  /** For the metrics. */
  work?: Work
}

/** A call that got its turn, and how long it waited, in seconds. */
export interface Turn {
  class: CallClass
  work: Work
  waited: number
}

export interface RateLimiter {
  /**
   * Resolves when the next call may be sent. Throws `unavailable` to a person whose turn would not come, or has not come, within
   * `limit` milliseconds. Housekeeping waits as long as it takes: nobody is there to try again.
   */
  turn(purpose: Purpose, limit: number): Promise<void>
  /** Counts a call that must not wait, such as a health check: the others wait for it instead. */
  passBy(): void
  /** What the person's calls still wait for: calls of other people ahead of the last of them, and the seconds until its turn. Both 0: nothing waits. */
  waiting(person: string): { others: number; seconds: number }
  /** The part of the rate that this process may use: the other replicas have the rest. */
  share(part: number): void
  /** By class, calls that wait now and calls of the last hour, and calls a second that this process may send. */
  standing(): { rate: number; waiting: Record<CallClass, number>; spent: Record<CallClass, number> }
  /** The process stops: what nobody waits for ends as if Quay were away, and is done by another replica or later. */
  stop(): void
  /** Hears of every call that gets its turn. */
  watch(hear: (turn: Turn) => void): void
}

interface Class {
  name: CallClass
  line: FairLine
  /** What it may send whoever else waits. */
  own: Bucket | undefined
}

/** Nobody waits for these, so they wait as long as it takes. */
const unattended = new Set<CallClass>(['follow', 'background'])

/**
 * One for all calls to a registry: `rate` a second, and `window` seconds' worth together after a pause, so that the calls of one
 * command start together. Quay's nginx allows 5 calls a second and address, and 25 more at once.
 */
export function openRateLimiter(full: number, window = 3, now = () => performance.now()): RateLimiter {
  let rate = full
  let burst = Math.max(1, rate * window)
  const all = openBucket(rate, burst, now())
  const classes = callClasses.map((name): Class => {
    const { guaranteed } = shares[name]
    return { name, line: openFairLine(), own: guaranteed > 0 ? openBucket(rate * guaranteed, 1, now()) : undefined }
  })
  const spending = openSpending(now)
  const hearing: ((turn: Turn) => void)[] = []
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  /** Who may be sent now: a class whose own share is due, else the first that leaves enough for those before it. */
  function chosen(): Class | undefined {
    const at = now()
    if (all.tokens(at) < 1) return undefined
    const waits = classes.filter(({ line }) => line.all().length > 0)
    return waits.find(({ own }) => own && own.tokens(at) >= 1) ?? waits.find(({ name }) => all.tokens(at) >= 1 + leftBy(name))
  }

  function leftBy(name: CallClass) {
    return shares[name].leaves * (burst - 1)
  }

  function serve() {
    clearTimeout(timer)
    for (let one = chosen(); one; one = chosen()) {
      all.take(now())
      if (one.own && one.own.tokens(now()) >= 1) one.own.take(now())
      one.line.next()?.go()
    }
    const waits = classes.filter(({ line }) => line.all().length > 0)
    if (waits.length > 0) timer = setTimeout(serve, Math.max(1, Math.min(...waits.map(untilServed))))
  }

  function untilServed({ name, own }: Class) {
    const at = now()
    const share = own ? Math.max(own.until(at, 1), all.until(at, 1)) : Number.POSITIVE_INFINITY
    return Math.ceil(Math.min(share, all.until(at, 1 + leftBy(name))))
  }

  function turn({ class: name, person = '', work = 'other' }: Purpose, limit: number) {
    const found = classes.find((one) => one.name === name)
    if (!found) throw new TypeError(`there is no class ${name}`)
    const { line } = found
    const came = now()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const isPatient = unattended.has(name)
    const drop = () => reject(new Failure('unavailable', 'Quay is not available right now.'))
    const go = () => {
      clearTimeout(patience)
      spending.count(name)
      for (const hear of hearing) hear({ class: name, work, waited: (now() - came) / 1000 })
      resolve()
    }
    if (isPatient && stopped) {
      drop()
      return promise
    }
    const place = line.join(person, { go, drop })
    const giveUp = () => {
      const seconds = secondsOf(line.all(), place)
      line.leave(place)
      reject(overrun(seconds))
    }
    const patience = isPatient ? undefined : setTimeout(giveUp, limit)
    serve()
    if (!isPatient && secondsOf(line.all(), place) * 1000 > limit) {
      clearTimeout(patience)
      giveUp()
    }
    return promise
  }

  /** How long the place still waits, where people have what the other classes do not take. 0: it does not wait. */
  function secondsOf(line: Place[], place: Place) {
    const index = line.indexOf(place)
    if (index < 0) return 0
    const taken = classes.map(({ name, line }) => (line.all().length > 0 ? shares[name].guaranteed : 0)).reduce((sum, one) => sum + one, 0)
    return Math.ceil((index + 1 - Math.min(0, all.tokens(now()))) / (rate * (1 - taken)))
  }

  return {
    turn,
    passBy: () => {
      spending.count('background')
      all.take(now())
    },
    waiting: (person) => {
      const line = classes.find(({ name }) => name === 'interactive')?.line.all() ?? []
      const last = line.findLast((one) => one.person === person)
      if (!last) return { others: 0, seconds: 0 }
      const others = line.slice(0, line.indexOf(last)).filter((one) => one.person !== person).length
      return { others, seconds: secondsOf(line, last) }
    },
    share: (part) => {
      rate = full * part
      burst = Math.max(1, rate * window)
      all.set(now(), rate, burst)
      for (const { name, own } of classes) own?.set(now(), rate * shares[name].guaranteed, 1)
      serve()
    },
    standing: () => ({
      rate,
      waiting: Object.fromEntries(classes.map(({ name, line }) => [name, line.all().length])) as Record<CallClass, number>, // one for each class
      spent: spending.lastHour(),
    }),
    stop: () => {
      stopped = true
      for (const { name, line } of classes) {
        if (!unattended.has(name)) continue
        for (const place of line.all()) place.drop()
        line.clear()
      }
    },
    watch: (hear) => void hearing.push(hear),
  }
}

/** Nobody is asked to try again because of seconds: this is for waits of minutes. */
function overrun(seconds: number) {
  return new Failure(
    'unavailable',
    'Too many people are using Quay right now. Try again in about {minutes, plural, one {# minute} other {# minutes}}.',
    { minutes: Math.max(1, Math.ceil(seconds / 60)) },
    { passes: false },
  )
}
