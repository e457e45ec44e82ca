import type { Environment } from '../core/config.ts'
import { errorFields } from '../core/error-fields.ts'
import { Failure } from '../core/failure.ts'
import { translator } from '../core/i18n.ts'
import { secretsOf } from '../core/log.ts'
import { redact } from '../core/redact.ts'

// Control-C reaches the bot twice: from the terminal, which signals every process of `npm start`, and from npm, which forwards it.
const echo = 1_000

/** Stops gracefully, once. A second signal stops at once, unless it comes within `echo` ms and is the first one forwarded. */
export function stopOnSignal(stop: () => Promise<void>) {
  let first: number | undefined
  const onSignal = (_: NodeJS.Signals, number: number) => {
    const now = performance.now()
    if (first !== undefined && now - first > echo) process.exit(128 + number)
    if (first !== undefined) return
    first = now
    void stop().then(() => process.exit(0), ended('could not stop as it should'))
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, onSignal)
}

/** Prints the error that ends the process to stderr, and sets exit code 1. */
export function ended(how: string, environment: Environment = {}) {
  return (error: unknown) => {
    // The error of a driver may contain the values of a statement.
    process.stderr.write(`Quaymaster ${how}: ${redact(textOf(error), secretsOf(environment))}\n`)
    process.exit(1)
  }
}

function textOf(error: unknown) {
  if (error instanceof Failure) return translator('en').plain(error.sentence.message, error.sentence.values)
  if (!(error instanceof Error)) return String(error)
  const { type, message, stack = '', cause } = errorFields(error)
  return [`${type}: ${message}`, stack, ...(cause === undefined ? [] : [JSON.stringify(cause)])].join('\n')
}
