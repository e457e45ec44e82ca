import { DrizzleQueryError } from 'drizzle-orm/errors'
import { statementName } from '../core/error-fields.ts'
import { Failure } from '../core/failure.ts'
import type { Sentence } from '../core/i18n.ts'
import { crowded } from './crowded.ts'

/** Why the database failed, unless it is a mistake of ours. */
export type Trouble = 'away' | 'busy' | 'crowded' | 'slow' | 'full' | 'read-only' | 'refused'

/** Safe properties of a database error: never its parameters or a row (docs/SECURITY.md rule 37). */
interface Known {
  trouble: Trouble | undefined
  /** SQLSTATE, or Node's code such as ECONNREFUSED. */
  code: string
  message: string
  /** What the statement is, and on which table: `insert audit`. */
  statement?: string
}

/** A statement that PostgreSQL rejects: a bug of ours. Its message contains no value. */
export class DatabaseError extends Error {}

const sentences: Record<Trouble, string> = {
  away: 'Quaymaster’s database does not respond right now.',
  busy: 'Quaymaster’s database accepts no more connections right now.',
  crowded: 'Quaymaster is overloaded right now.',
  slow: 'Quaymaster’s database is too slow right now.',
  full: 'The disk of Quaymaster’s database is full. An operator must free space.',
  'read-only': 'Quaymaster’s database is read-only right now. An operator must check it.',
  refused: 'Quaymaster’s database refuses its user. An operator must check DATABASE_URL.',
}

// Problems that pass without anybody's help.
const passing: Trouble[] = ['away', 'busy', 'crowded', 'slow']

/**
 * Maps an error for the rest of the bot: a failing database is `unavailable` with a sentence of its own; a rejected
 * statement is a DatabaseError; any other error is returned unchanged. None of them contains a parameter.
 */
export function databaseError(thrown: unknown): unknown {
  const known = knownOf(thrown)
  if (!known) return thrown
  const { trouble, ...cause } = known
  if (trouble) return unavailable(trouble, cause)
  return new DatabaseError(`The database refuses ${cause.statement ?? 'a statement'}: ${cause.code} ${cause.message}`, { cause })
}

function unavailable(trouble: Trouble, cause: object) {
  return new Failure('unavailable', sentences[trouble], {}, { cause: { database: trouble, ...cause }, passes: passing.includes(trouble) })
}

/** What people are told of it. */
export function troubleSentence(trouble: Trouble): Sentence {
  return { message: sentences[trouble], values: {} }
}

/** The database problem of a Failure; undefined for every other error. */
export function troubleOf(error: unknown): Trouble | undefined {
  const cause = error instanceof Failure ? error.cause : undefined
  return typeof cause === 'object' && cause && 'database' in cause ? (cause.database as Trouble) : undefined // `unavailable` wrote it
}

function knownOf(thrown: unknown): Known | undefined {
  // Our own error from inside the transaction: a lost lease, a refusal.
  if (!(thrown instanceof Error) || thrown instanceof Failure || thrown instanceof DatabaseError) return undefined
  const asked = thrown instanceof DrizzleQueryError ? { statement: statementName(thrown.query) } : undefined
  const error: unknown = asked ? thrown.cause : thrown
  const code = codeOf(error)
  const message = messageOf(error, code)
  const trouble = classified(code, message)
  return asked || trouble ? { trouble, code, message, ...asked } : undefined
}

function codeOf(error: unknown) {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : ''
}

/** Text behind a colon, or in quotation marks after a value that cannot be parsed (class 22), may be a person's. */
function messageOf(error: unknown, code: string) {
  const raw = error instanceof Error ? error.message.slice(0, 200) : 'it failed'
  return /^22/.test(code) ? (raw.split(/[:"]/)[0] ?? '').trim() : raw
}

// By SQLSTATE (PostgreSQL's appendix A), Node's codes, and messages of pg, pg-pool and PGlite, whose errors have no code.
const byCode: [Trouble, RegExp][] = [
  ['full', /^(?:53100|ENOSPC|EDQUOT)$/],
  ['read-only', /^(?:25006|EROFS)$/],
  ['busy', /^53(?!100)/],
  ['slow', /^(?:57014|55P03|40001|40P01|25P03)$/],
  ['refused', /^(?:28|3D000|42501)/],
  ['away', /^(?:08|57|58)|^E(?:CONN|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN|IO$)/],
  // A certificate that does not fit.
  ['away', /^(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/],
]
const byWords: [Trouble, RegExp][] = [
  ['full', /no space left on device/i],
  ['read-only', /read-only file system/i],
  ['slow', /^query read timeout/i],
  ['crowded', new RegExp(`^${crowded}`)],
  ['busy', /^timeout exceeded when trying to connect/i],
  // PgBouncer has one code (08P01) for all of its own refusals.
  ['busy', /^(?:no more connections allowed|query_wait_timeout)/i],
  ['refused', /^(?:SASL|no such user|no such database|password authentication failed|auth failed)/i],
  ['away', /^the server does not support SSL/i],
  ['away', /^connection terminated|^client (?:has encountered|was closed|is closed)|^cannot use a pool after/i],
  // PGlite has ended, or WebAssembly has ended it.
  ['away', /^pglite is (?:closed|closing)|^(?:aborted|unreachable|memory access out of bounds|null function)\b|^program terminated/i],
]

function classified(code: string, message: string): Trouble | undefined {
  // Only the message of a disk error says which one it is: 58030 is any I/O error.
  const said = byWords.find(([, words]) => words.test(message))?.[0]
  return said ?? byCode.find(([, codes]) => codes.test(code))?.[0]
}
