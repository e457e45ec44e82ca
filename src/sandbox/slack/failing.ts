import { type Fields, textOf } from './json.ts'
import { methods } from './methods.ts'
import type { Slack } from './simulation.ts'

/** One way for calls to go wrong. Several may be switched on at once; the first that fits is the one. */
export interface Failing {
  /** A method of the Web API, or `response_url`; every method where it is left out. */
  method?: string
  /** Only calls about this channel. */
  channel?: string
  /**
   * What becomes of the call: `ratelimited` (429), a status of its own such as `500`, `lost` (it takes effect and its answer never
   * arrives), `cut` (it never arrives itself); anything else is Slack's word for a refusal, such as `missing_scope` or `is_archived`.
   */
  error: string
  /** Seconds that a 429 asks for. */
  retryAfter?: number
  /** So many calls work before. */
  skip?: number
  /** Begins once this method has been called. */
  after?: string
  /** Ends after so many calls. */
  times?: number
  /** Holds only while this says so: for tests in the same process. */
  when?: () => boolean
}

/** The fault that this call meets, counted; undefined where it meets none. */
export function failureOf({ faults }: Slack, name: string, given: Fields): Failing | undefined {
  const found = faults.failing?.find((one) => fits(one, name, given))
  if (!found) return undefined
  if (found.skip) {
    found.skip -= 1
    return undefined
  }
  if (found.times !== undefined) found.times -= 1
  return found
}

function fits({ method, channel, after, times, when }: Failing, name: string, given: Fields) {
  if (after !== undefined || times === 0) return false
  // The connection itself and response URLs meet only what names them.
  if (method === undefined ? name === 'apps.connections.open' || name === 'response_url' : method !== name) return false
  if (channel !== undefined && channel !== textOf(given.channel)) return false
  return when?.() ?? true
}

/** A call has been answered: what waited for it begins. */
export function called({ faults }: Slack, name: string) {
  for (const one of faults.failing ?? []) if (one.after === name) delete one.after
}

/** The answer to a call that meets a fault; undefined for `lost`, where the call takes effect. */
export function failedAnswer({ workspace }: Slack, name: string, { error, retryAfter = 1 }: Failing) {
  if (error === 'lost' || error === 'cut') return undefined
  if (error === 'ratelimited') return { status: 429, body: { ok: false, error }, retryAfter }
  if (/^\d{3}$/.test(error)) return { status: Number(error), body: { ok: false, error: 'internal_error' } }
  const scopes = { needed: (methods[name]?.scopes ?? []).join(','), provided: workspace.scopes.join(',') }
  return { status: 200, body: { ok: false, error, ...(error === 'missing_scope' && scopes) } }
}
