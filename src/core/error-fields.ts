/** What the log keeps of an error: never what a statement of the database was given (docs of PostgreSQL's drivers: `query`, `params`, `detail`). */
export interface ErrorFields {
  type: string
  message: string
  code?: string | number
  /** The table or constraint that the database names. */
  at?: string
  status?: number
  /** Slack's word for what went wrong. */
  problem?: string
  stack?: string
  cause?: unknown
  errors?: unknown[]
}

const deepest = 6
const longestMessage = 2_000

/** An error as plain fields, with its causes. Other values come back as they are, with the errors in them turned into such fields. */
export function withoutErrors(value: unknown, depth = 0): unknown {
  if (value instanceof Error) return errorFields(value, depth)
  if (typeof value === 'string') return withoutStatement(value)
  if (typeof value !== 'object' || value === null || depth > deepest) return value
  if (Array.isArray(value)) return value.map((one) => withoutErrors(one, depth + 1))
  // A date, a credential: it says itself how it is written.
  if ('toJSON' in value) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withoutErrors(one, depth + 1)]))
}

/** The allowed fields of an error. A driver's error holds its statement and values in others, and in its message. */
export function errorFields(error: Error, depth = 0): ErrorFields {
  const { code, table, constraint, status, statusCode, data } = error as Partial<Record<string, unknown>> & Error // read with care below
  const at = [table, constraint].filter((name) => typeof name === 'string').join(' ')
  const problem = (data as { error?: unknown } | null | undefined)?.error
  const answered = status ?? statusCode
  return {
    type: error.constructor?.name ?? 'Error',
    message: messageOf(error, code),
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(at && { at }),
    ...(typeof answered === 'number' && { status: answered }),
    ...(typeof problem === 'string' && { problem }),
    ...framesOf(error),
    ...(error.cause !== undefined && error.cause !== error && depth < deepest && { cause: withoutErrors(error.cause, depth + 1) }),
    ...(error instanceof AggregateError &&
      depth < deepest && { errors: error.errors.slice(0, 5).map((one) => withoutErrors(one, depth + 1)) }),
  }
}

/** The stack without the message at its head, which stands for itself. */
function framesOf({ stack }: Error) {
  const frames = (stack ?? '')
    .slice(0, 20_000)
    .split('\n')
    .filter((line) => /^ {1,8}at /.test(line))
  return frames.length > 0 && { stack: frames.join('\n') }
}

/** PostgreSQL quotes the value that it could not read (class 22: `invalid input syntax for type uuid: "…"`). */
function messageOf({ message }: Error, code: unknown) {
  const text = withoutStatement(String(message).slice(0, longestMessage))
  if (typeof code !== 'string' || !/^2[23]...$/.test(code)) return text
  const quoted = text.indexOf(': "')
  return quoted < 0 ? text : `${text.slice(0, quoted)}: […]`
}

const failed = 'Failed query: '

/** Of drizzle's "Failed query: insert into … params: …" what it is and on which table. */
function withoutStatement(text: string) {
  const at = text.indexOf(failed)
  if (at < 0) return text
  return `${text.slice(0, at)}Failed query (${statementName(text.slice(at + failed.length))})`
}

/** What a statement is and on which table, without a value that may stand in it: `insert audit`. */
export function statementName(statement: string): string {
  const beginning = statement.slice(0, 2_000)
  const [verb = ''] = /^\s{0,20}[a-z]{1,20}/i.exec(beginning) ?? []
  const [, table = ''] = /\b(?:into|from|update|table)\s{1,5}"?([a-z_]{1,63})"?/i.exec(beginning) ?? []
  return `${verb.trim()} ${table}`.trim()
}
