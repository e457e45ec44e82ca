import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../core/failure.ts'
import type { Sentence } from '../core/i18n.ts'
import { tokenRefused } from './http.ts'
import type { Quay } from './registry.ts'
import { listUsers } from './users.ts'

export interface QuayHealth {
  /** `token-refused`: the token, or its scopes, do not let the bot look at users, without which nobody has any permission. */
  state: 'well' | 'token-refused' | 'unreachable'
  /** What is wrong, and who can mend it. */
  problem?: Sentence
}

// Readiness is answered within a second.
const limit = 800
const recent = 10_000
const lasts = 5_000

const away: Sentence = { message: 'Quay is not available right now.', values: {} }
const lacksScope: Sentence = {
  message: 'QUAY_TOKEN can’t read users. An operator must renew it with the scope super:user, as a superuser.',
  values: {},
}

// There nobody but its operators is a superuser, so nothing tells whether a user is enabled.
const onQuayIo: Sentence = {
  message:
    'quay.io does not show customers which users are enabled or superusers, so Quaymaster can’t run commands there. It needs a Quay registry of your own.',
  values: {},
}

const asked = new WeakMap<Quay['tokenAccepted'], { at: number; answer: Promise<QuayHealth> }>()

/**
 * How Quay is, within a second: by a call that needs our token's superuser scope, in a slot of its own beside the budget, or by
 * what real calls were answered lately. Asked every five seconds at most; at once where a real call was refused.
 */
export async function quayHealth(quay: Quay, clock: () => number): Promise<QuayHealth> {
  const last = asked.get(quay.tokenAccepted)
  if (last && quay.tokenAccepted.value && clock() - last.at < lasts) return last.answer
  const answer = Promise.race([ask(quay), sleep(limit, undefined, { ref: false })]).then((found) => found ?? byRealCalls(quay))
  asked.set(quay.tokenAccepted, { at: clock(), answer })
  return answer
}

function byRealCalls({ answered }: Quay): QuayHealth {
  return performance.now() - answered.at < recent ? { state: 'well' } : { state: 'unreachable', problem: away }
}

async function ask(quay: Quay): Promise<QuayHealth> {
  const own = {
    ...quay,
    rateLimiter: { ...quay.rateLimiter, turn: async () => quay.rateLimiter.passBy() },
    purpose: { class: 'background' as const, work: 'health' as const },
    limits: { ...quay.limits, call: limit, pauses: [] },
  }
  try {
    await listUsers(own, { limit: 1 })
    return { state: 'well' }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    if (error.cause === tokenRefused) return { state: 'token-refused', problem: error.sentence }
    if (error.code === 'denied')
      return { state: 'token-refused', problem: new URL(quay.url).hostname === 'quay.io' ? onQuayIo : lacksScope }
    return { state: 'unreachable', problem: error.sentence }
  }
}
