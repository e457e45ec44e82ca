import { setTimeout as sleep } from 'node:timers/promises'
import type { Sentence } from '../core/i18n.ts'
import { isLasting, isOutage, wordsOf } from './refusal.ts'

/** What came of one attempt; `failed` tells why there is no answer, `problem` what somebody has to mend first. */
export type Attempt =
  | { status: number; bytes: Buffer; retryAfter?: string | undefined; location?: string | undefined }
  | { failed: string; problem?: Sentence | undefined }

/** Milliseconds, and bytes. */
export interface Limits {
  /** A whole call, its repetitions and the pauses between them included, its waiting for the budget not. */
  call: number
  /** Waiting for the budget: a person who has to wait still longer is asked to come back. */
  wait: number
  /** How long a person waits for the budget in silence. */
  silent: number
  /** The pauses before the second attempt, the third and so on; there is one more attempt than pauses. */
  pauses: number[]
  answer: number
  archive: number
}

export const defaults: Limits = {
  call: 15_000,
  wait: 300_000,
  silent: 15_000,
  pauses: [300, 1500],
  answer: 10_000_000,
  archive: 50_000_000,
}

/** Repeats what may be repeated. `attempt` is given the milliseconds that are left to it. */
export async function repeated(limits: Limits, attempt: (left: number) => Promise<{ answer: Attempt; took: number }>): Promise<Attempt> {
  let spent = 0
  for (const pause of [...limits.pauses, undefined]) {
    const { answer, took } = await attempt(limits.call - spent)
    spent += took
    const wait = pause !== undefined && isPassing(answer) ? Math.max(pause, askedPause(answer)) : undefined
    if (wait === undefined || spent + wait >= limits.call) return answer
    await sleep(wait)
    spent += wait
  }
  throw new Error('unreachable: the last attempt has no pause')
}

/** Whether the next attempt may well succeed. */
function isPassing(answer: Attempt) {
  if ('failed' in answer) return answer.problem === undefined
  return isOutage(answer.status) && !isLasting(wordsOf(answer.bytes.toString()))
}

/** Retry-After, in seconds or as a date, in milliseconds; 0 without one. */
function askedPause(answer: Attempt) {
  const asked = 'failed' in answer ? undefined : answer.retryAfter
  if (asked === undefined) return 0
  const milliseconds = /^\d+$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - Date.now()
  return Number.isNaN(milliseconds) ? 0 : Math.max(0, milliseconds)
}
