import type { Translate } from '../core/i18n.ts'
import type { RequestState } from '../db/request-tables.ts'

const words: Record<RequestState, string> = {
  pending: 'needs approval',
  approved: 'approved',
  running: 'running',
  succeeded: 'done',
  failed: 'failed',
  denied: 'denied',
  expired: 'expired',
  withdrawn: 'withdrawn',
  unknown: 'result unknown',
}

/** The state of a request, for a line of a list. */
export function requestWord(state: RequestState, t: Translate) {
  return t.plain(words[state])
}
