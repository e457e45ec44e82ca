/** An error as it is logged: never with the values of a statement (docs of the PostgreSQL drivers: `query`, `params`, `detail`). */
export interface ErrorFields {
  type: string
  message: string
  code?: string | number
  /** The table or constraint that the database reports. */
  at?: string
  status?: number
  /** Slack's error code. */
  problem?: string
  stack?: string
  cause?: unknown
  errors?: unknown[]
}

const deepest = 6
const longestMessage = 2_000

/** An error as plain fields, with its causes. Other values are returned unchanged, except for errors inside them. */
export function withoutErrors(value: unknown, depth = 0): unknown {
  if (value instanceof Error) return errorFields(value, depth)
  if (typeof value === 'string') return withoutStatement(value)
  if (typeof value !== 'object' || value === null || depth > deepest) return value
  if (Array.isArray(value)) return value.map((one) => withoutErrors(one, depth + 1))
  // Dates and credentials define their own JSON.
  if ('toJSON' in value) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withoutErrors(one, depth + 1)]))
}

/** Picks the allowed fields of an error. A driver's error has its statement and values in other fields and in its message. */
export function errorFields(error: Error, depth = 0): ErrorFields {
  const { code, table, constraint, status, statusCode, data } = error as Partial<Record<string, unknown>> & Error // each field is checked below
  const at = [table, constraint].filter((name) => typeof name === 'string').join(' ')
  const problem = (data as { error?: unknown } | null | undefined)?.error // its type is checked below
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

/** The stack without its first line, the message, which is logged separately. */
function framesOf({ stack }: Error) {
  const frames = (stack ?? '')
    .slice(0, 20_000)
    .split('\n')
    .filter((line) => /^ {1,8}at /.test(line))
  return frames.length > 0 && { stack: frames.join('\n') }
}

/** PostgreSQL quotes a value that it cannot parse (class 22: `invalid input syntax for type uuid: "…"`). */
function messageOf({ message }: Error, code: unknown) {
  const text = withoutStatement(String(message).slice(0, longestMessage))
  if (typeof code !== 'string' || !/^2[23]...$/.test(code)) return text
  const quoted = text.indexOf(': "')
  return quoted < 0 ? text : `${text.slice(0, quoted)}: […]`
}

const failed = 'Failed query: '

/** The kind and table of drizzle's "Failed query: insert into … params: …". */
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
