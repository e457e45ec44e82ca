import { DrizzleQueryError } from 'drizzle-orm/errors'
import { statementName } from '../core/error-fields.ts'
import { Failure } from '../core/failure.ts'
import type { Sentence } from '../core/i18n.ts'

/** Why the database did not do what it was asked, where that is no mistake of ours. */
export type Trouble = 'away' | 'busy' | 'slow' | 'full' | 'read-only' | 'refused'

/** What an error of the database may be known by: never its parameters, nor a row of somebody's (docs/SECURITY.md rule 37). */
interface Known {
  trouble: Trouble | undefined
  /** SQLSTATE, or Node's word such as ECONNREFUSED. */
  code: string
  message: string
  /** What the statement is, and on which table: `insert audit`. */
  statement?: string
}

/** A statement that PostgreSQL refuses for what it says: a bug of ours. Its message holds no value. */
export class DatabaseError extends Error {}

const sentences: Record<Trouble, string> = {
  away: 'Quaymaster’s database does not answer right now.',
  busy: 'Quaymaster’s database takes no more connections right now.',
  slow: 'Quaymaster’s database is too slow right now.',
  full: 'The disk of Quaymaster’s database is full. An operator has to make room.',
  'read-only': 'Quaymaster’s database is read-only right now. An operator has to look at it.',
  refused: 'Quaymaster’s database refuses its user. An operator has to look at DATABASE_URL.',
}

// Those that pass without anybody's help.
const passing: Trouble[] = ['away', 'busy', 'slow']

/**
 * What a thrown error is to the rest of the bot: trouble of the database is `unavailable`, with a sentence of its own; a
 * statement that it refuses is a DatabaseError; whatever else was thrown is itself. Neither holds a parameter.
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

export function troubleSentence(trouble: Trouble): Sentence {
  return { message: sentences[trouble], values: {} }
}

/** The trouble of the database that a Failure is about; undefined for every other error. */
export function troubleOf(error: unknown): Trouble | undefined {
  const cause = error instanceof Failure ? error.cause : undefined
  return typeof cause === 'object' && cause && 'database' in cause ? (cause.database as Trouble) : undefined // `unavailable` wrote it
}

function knownOf(thrown: unknown): Known | undefined {
  // It is our own that was thrown inside: a lease that is lost, a refusal.
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

/** What stands behind a colon, or between quotation marks of a value that cannot be read (class 22), may be somebody's. */
function messageOf(error: unknown, code: string) {
  const message = error instanceof Error ? error.message.slice(0, 200) : 'it failed'
  return /^22/.test(code) ? (message.split(/[:"]/)[0] ?? '').trim() : message
}

// By SQLSTATE (PostgreSQL's appendix A), Node's codes, and the words of pg, pg-pool and PGlite, whose errors have none.
const byCode: [Trouble, RegExp][] = [
  ['full', /^(?:53100|ENOSPC|EDQUOT)$/],
  ['read-only', /^(?:25006|EROFS)$/],
  ['busy', /^53(?!100)/],
  ['slow', /^(?:57014|55P03|40001|40P01|25P03)$/],
  ['refused', /^(?:28|3D000|42501)/],
  ['away', /^(?:08|57|58)|^E(?:CONN|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN|IO$)/],
]
const byWords: [Trouble, RegExp][] = [
  ['full', /no space left on device/i],
  ['read-only', /read-only file system/i],
  ['slow', /^query read timeout/i],
  ['busy', /^timeout exceeded when trying to connect/i],
  ['away', /^connection terminated|^client (?:has encountered|was closed|is closed)|^cannot use a pool after/i],
  // PGlite that has ended, or that WebAssembly has ended.
  ['away', /^pglite is (?:closed|closing)|^(?:aborted|unreachable|memory access out of bounds|null function)\b|^program terminated/i],
]

function classified(code: string, message: string): Trouble | undefined {
  // An error of the disk says in words alone which one: 58030 is any.
  const said = byWords.find(([, words]) => words.test(message))?.[0]
  return said ?? byCode.find(([, codes]) => codes.test(code))?.[0]
}
