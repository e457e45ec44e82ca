import { z } from 'zod'
import type { Credential } from '../core/credential.ts'
import { Failure, type FailureCode } from '../core/failure.ts'
import { storableValue } from '../core/foreign-text.ts'
import type { Sentence } from '../core/i18n.ts'
import { redact } from '../core/redact.ts'
import { crashSaying, errorMessageOf } from './messages-for-errors.ts'

/** The cause of a Failure that Quay answered with. */
interface Refused {
  status: number
  /** The first line of Quay's words; undefined for a page of HTML. */
  words: string | undefined
  text: string
}

/** What Quay answered, when that is why it failed: for callers who can say which input its words are about. */
export function quayAnswer(error: unknown): { status: number; words: string } | undefined {
  const answer = refused.safeParse(error instanceof Failure ? error.cause : undefined).data
  return answer
}

const refused = z.object({ status: z.number(), words: z.string() })

/** The cause of a Failure when Quay refused the bot's own token: readiness turns red on it. */
export const tokenRefused = new Error('Quay refused QUAY_TOKEN.')

/** Nobody knows whether the call took effect; a job tries again by itself. It passes without anybody's help. */
export function unavailable(cause: unknown) {
  return new Failure('unavailable', 'Quay is not available right now.', {}, { cause })
}

/** The same, where waiting does not help: somebody has to mend a setting. */
export function unusable(message: string, values: Sentence['values'], cause: unknown) {
  return new Failure('unavailable', message, values, { cause, passes: false })
}

/** A release without this call, or one where its feature is switched off. */
export function notOffered(cause?: Refused) {
  return new Failure('conflict', 'This registry does not offer that.', {}, { cause })
}

/** A release that does not know this field of the call. */
export function notAccepted(field: string) {
  return new Failure('conflict', 'This registry does not support {field}; it needs a newer Quay release.', { field })
}

/** The Failure for any answer but a good one and a redirect. `sent`: the credentials that were in the call. */
export function mapError(method: string, template: string, status: number, text: string, sent: Credential[]) {
  const words = wordsOf(text, sent)
  if (isTokenRefused(template, status, words))
    return unusable(
      'Quay refuses Quaymaster’s token: it is wrong, expired or revoked. An operator must renew QUAY_TOKEN.',
      {},
      tokenRefused,
    )
  const cause: Refused = { status, words, text: cleaned(text, sent) }
  if (lacksFeature(method, template, status, words)) return notOffered(cause)
  if (isOutage(status) && !isLasting(words)) return unavailable(cause)
  if (status >= 500 && !isLasting(words)) return crash(method, template, cause)
  if (words === undefined) return page(cause)
  const { message, values } = errorMessageOf(words) ?? { message: 'Quay says: {words}', values: { words } }
  return new Failure(codeOf(status, words), message, values, { cause })
}

/** Whether a status says that Quay is away or too busy: then the same call may well work later. No other does. */
export function isOutage(status: number) {
  return status === 429 || (status >= 502 && status <= 504)
}

/** An error inside Quay (500, 501 and their like): it would come again, and nothing says whether the call took effect. */
function crash(method: string, template: string, cause: Refused) {
  const status = String(cause.status)
  return new Failure('conflict', crashSaying(method, template, cause.status), { status }, { cause })
}

/** Whether a Failure is an error inside Quay. */
export function isCrash(error: unknown): error is Failure {
  const answer = z.object({ status: z.number().min(500) }).safeParse(error instanceof Failure ? error.cause : undefined)
  return answer.success && error instanceof Failure && error.code === 'conflict' && !isLasting(quayAnswer(error)?.words)
}

/** A page of HTML where Quay would send data: of a proxy or a firewall in front of it. */
function page(cause: Refused) {
  return new Failure(
    'conflict',
    'Something in front of Quay refuses this ({status}). An operator must check the proxies there.',
    { status: String(cause.status) },
    { cause },
  )
}

// Quay looks at CSRF before it looks at the token: a bad one is a 401 on GET, and a 403 on everything else.
// GET /user/ alone answers 401 also to a token that lacks user:read (recorded: user-get-reposcope).
function isTokenRefused(template: string, status: number, words = '') {
  return (status === 401 && template !== '/user/') || (status === 403 && words.startsWith('CSRF'))
}

/**
 * A switched-off feature is a 404 or 405 page of Quay's. Below a repository, Quay takes the path for a nested name instead:
 * then POST is a 405 in JSON, and PUT wants the description of a repository (recorded: off-repo-changestate-mirror).
 */
function lacksFeature(method: string, template: string, status: number, words: string | undefined) {
  if (status === 405) return true
  if (status === 404) return words === undefined
  return (
    method === 'PUT' &&
    template.startsWith('/repository/{repository}/') &&
    status === 400 &&
    words === "'description' is a required property"
  )
}

const byStatus: Record<number, FailureCode> = { 401: 'denied', 403: 'denied', 404: 'not_found', 409: 'conflict', 410: 'conflict' }

/** What an error of Quay means (its status codes are no guide: nearly everything is a 400). */
function codeOf(status: number, words: string): FailureCode {
  if (status === 400) return meanings.find(([, pattern]) => pattern.test(words))?.[0] ?? 'invalid'
  // What is read-only or full stays so: trying again by itself would not help.
  if (status === 429 || status >= 500) return 'conflict'
  return byStatus[status] ?? 'invalid'
}

/** Whether a 429 or 503 will last: read-only or mirrored repositories, a read-only registry, a full build queue. */
export function isLasting(words = '') {
  return /read.only|^maximum queued build rate/i.test(words)
}

// Recorded one by one (test/quay/refusal.test.ts); the first that fits decides.
const meanings: [FailureCode, RegExp][] = [
  ['conflict', /\balready\b|^existing |is not available$/i],
  ['conflict', /^cannot (?:delete|update|take|call|change|create|remove)|not supported$|not active\.$|currently running or has finished$/i],
  ['conflict', /would remove admin|from their only admin team|must always be admin/i],
  ['not_found', /^could not find|^unable to locate|^no .+ found|^no team .+ in |does not exist/i],
  ['not_found', /does not have permission for repo|is not a team in|does not belong to team/i],
  ['not_found', /^unknown |^missing delegate|^invalid username: |^invalid namespace requested/i],
]

const errorBody = z.object({ detail: z.string(), error: z.string(), message: z.string().or(z.record(z.string(), z.string())) }).partial()

/** The first line of Quay's own words, in whichever of its JSON shapes they came; undefined for a page of HTML. */
export function wordsOf(text: string, sent: Credential[] = []) {
  const { detail, error, message } = errorBody.safeParse(jsonOf(text)).data ?? {}
  const words = detail ?? error ?? (typeof message === 'object' ? Object.values(message).join(' ') : message)
  const first = words?.split('\n')[0]
  return first === undefined ? undefined : cleaned(first, sent)
}

// Of more than this nothing is kept: it is clipped before it is looked through, and again after.
const lookedThrough = 4_000
const kept = 500

function cleaned(text: string, sent: Credential[]) {
  const known = sent.map((one) => one.reveal())
  return redact(text.slice(0, lookedThrough), known).slice(0, kept)
}

/** The value that the text is JSON of, without what PostgreSQL cannot store; undefined for a page of HTML and for the empty body of a 204. */
export function jsonOf(text: string): unknown {
  try {
    return /\\u(?:0000|d[89a-f])/i.test(text) || !text.isWellFormed() ? storableValue(JSON.parse(text)) : JSON.parse(text)
  } catch {
    return undefined
  }
}
