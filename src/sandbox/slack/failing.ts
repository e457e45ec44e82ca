import { type Fields, textOf } from './json.ts'
import { methods } from './methods.ts'
import type { Failing, Slack } from './simulation.ts'

/** The fault that applies to this call, with its counter advanced; undefined if there is none. */
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
  // The connection itself and response URLs are affected only by faults that name them.
  if (method === undefined ? name === 'apps.connections.open' || name === 'response_url' : method !== name) return false
  if (channel !== undefined && channel !== textOf(given.channel)) return false
  return when?.() ?? true
}

/** A call was answered, so faults that waited for it begin. */
export function called({ faults }: Slack, name: string) {
  for (const one of faults.failing ?? []) if (one.after === name) delete one.after
}

/** The answer to a call with a fault; undefined for `lost`, which takes effect. */
export function failedAnswer({ workspace }: Slack, name: string, { error, retryAfter = 1 }: Failing) {
  if (error === 'lost' || error === 'cut') return undefined
  if (error === 'ratelimited') return { status: 429, body: { ok: false, error }, retryAfter }
  if (/^\d{3}$/.test(error)) return { status: Number(error), body: { ok: false, error: 'internal_error' } }
  const scopes = { needed: (methods[name]?.scopes ?? []).join(','), provided: workspace.scopes.join(',') }
  return { status: 200, body: { ok: false, error, ...(error === 'missing_scope' && scopes) } }
}
