import { type DestinationStream, type Logger, pino } from 'pino'
import type { Config } from './config.ts'
import { errorFields, withoutErrors } from './error-fields.ts'
import { redact, redactValue } from './redact.ts'

const secretSettings = ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET', 'QUAY_TOKEN', 'SECRETS_KEY', 'DATABASE_URL'] as const

type Secrets = Partial<Pick<Config, (typeof secretSettings)[number]>>

/** The credentials among the settings, in every form in which they could stand in a line. */
export function secretsOf(settings: Secrets): string[] {
  const values = secretSettings.flatMap((name) => settings[name] ?? [])
  const { password } = URL.parse(settings.DATABASE_URL ?? '') ?? { password: '' }
  const all = [...values, password, decodedOr(password)].filter((value) => value.length > 3)
  return [...new Set(all.flatMap((value) => [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)]))]
}

function decodedOr(text: string) {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

// One text in a line: what is longer says no more.
const longest = 8_000

/**
 * The bot's log: JSON lines without credentials, a child of it per request with the reference that the person sees too. Errors are
 * in it with their causes and stacks, under whichever name they are given, and without what the database was given.
 */
export function openLog(
  { LOG_LEVEL: level, ...settings }: Secrets & Pick<Config, 'LOG_LEVEL'>,
  destination: DestinationStream = { write: (line) => void process.stdout.write(line) },
): Logger {
  const secrets = secretsOf(settings)
  const log = pino(
    {
      level,
      // pino's own keeps every field of an error: a statement's parameters too.
      serializers: { err: (error: unknown) => withoutErrors(error) },
      formatters: { log: plain },
      hooks: {
        logMethod(words, write) {
          // pino would take the message of an error for its own.
          const [first, ...rest] = [...words] as unknown[]
          const said = first instanceof Error && rest.length === 0 ? [errorFields(first).message] : rest
          const all = [first instanceof Error ? { err: first } : first, ...said].map((one) => withoutErrors(one))
          write.apply(this, all as typeof words) // as many, and of the same kinds
        },
      },
    },
    { write: (line: string) => destination.write(cleaned(line, secrets)) },
  )
  // What a child is made with passes no formatter. Children inherit this.
  const { child } = log
  log.child = function (this: Logger, bindings, options) {
    return child.call(this, plain(bindings), options)
  } as typeof child // pino's has another type for loggers with levels of their own
  return log
}

function plain(fields: Record<string, unknown>) {
  return withoutErrors(fields) as Record<string, unknown> // an object stays one
}

function cleaned(line: string, secrets: string[]) {
  try {
    return `${JSON.stringify(redactValue(JSON.parse(line), secrets, longest))}\n`
  } catch {
    return `${redact(line.trimEnd(), secrets)}\n`
  }
}
