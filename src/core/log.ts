import { type DestinationStream, type Logger, pino } from 'pino'
import type { Config } from './config.ts'
import { databaseUrls } from './database-url.ts'
import { errorFields, withoutErrors } from './error-fields.ts'
import { ringOf } from './key-ring.ts'
import { redact, redactValue } from './redact.ts'

const secretSettings = ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET', 'QUAY_TOKEN', 'SECRETS_KEY', 'DATABASE_URL'] as const

type Secrets = Partial<Pick<Config, (typeof secretSettings)[number]>>

/** The credentials among the settings, in every form in which they may be logged. */
export function secretsOf(settings: Secrets): string[] {
  const values = secretSettings.flatMap((name) => settings[name] ?? [])
  const passwords = (databaseUrls(settings.DATABASE_URL ?? '') ?? []).map((url) => new URL(url).password)
  const all = [...values, ...ringOf(settings.SECRETS_KEY ?? ''), ...passwords, ...passwords.map(decodedOr)].filter(
    (value) => value.length > 3,
  )
  return [...new Set(all.flatMap((value) => [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)]))]
}

function decodedOr(text: string) {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

// Maximum length of a text in a log line.
const longest = 8_000

/**
 * The bot's log: JSON lines without credentials, with a child per request that has the reference from the reply. Errors are logged
 * with their causes and stacks under any field name, but without the values of statements.
 */
export function openLog(
  { LOG_LEVEL: level, ...settings }: Secrets & Pick<Config, 'LOG_LEVEL'>,
  destination: DestinationStream = { write: (line) => void process.stdout.write(line) },
): Logger {
  const secrets = secretsOf(settings)
  const log = pino(
    {
      level,
      // pino's own serializer keeps every field of an error, including a statement's parameters.
      serializers: { err: (error: unknown) => withoutErrors(error) },
      formatters: { log: plain },
      hooks: {
        logMethod(words, write) {
          // pino would use the message of an error as its own.
          const [first, ...rest] = [...words] as unknown[]
          const said = first instanceof Error && rest.length === 0 ? [errorFields(first).message] : rest
          const all = [first instanceof Error ? { err: first } : first, ...said].map((one) => withoutErrors(one))
          write.apply(this, all as typeof words) // same number and kinds of arguments
        },
      },
    },
    { write: (line: string) => destination.write(cleaned(line, secrets)) },
  )
  // The bindings of a child pass no formatter. Grandchildren inherit this.
  const { child } = log
  log.child = function (this: Logger, bindings, options) {
    return child.call(this, plain(bindings), options)
  } as typeof child // pino has another type for loggers with custom levels
  return log
}

function plain(fields: Record<string, unknown>) {
  return withoutErrors(fields) as Record<string, unknown> // an object stays an object
}

function cleaned(line: string, secrets: string[]) {
  try {
    return `${JSON.stringify(redactValue(JSON.parse(line), secrets, longest))}\n`
  } catch {
    return `${redact(line.trimEnd(), secrets)}\n`
  }
}
