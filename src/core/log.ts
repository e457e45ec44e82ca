import { type DestinationStream, type Logger, pino } from 'pino'
import type { Config } from './config.ts'
import { databaseUrls } from './database-url.ts'
import { errorFields, withoutErrors } from './error-fields.ts'
import { ringOf } from './key-ring.ts'
import { redact, redactValue } from './redact.ts'
import { secretSettings } from './secret-settings.ts'

type Secrets = Partial<Pick<Config, (typeof secretSettings)[number]>>

// These are URLs, of which only the password is secret. DATABASE_URL is hidden as a whole too.
const urls = ['DATABASE_URL', 'HTTPS_PROXY', 'HTTP_PROXY'] as const
const proxies = new Set<string>(['HTTPS_PROXY', 'HTTP_PROXY'])

/** The credentials among the settings, in every form in which they may be logged. */
export function secretsOf(settings: Secrets): string[] {
  const values = secretSettings.filter((name) => !proxies.has(name)).flatMap((name) => settings[name] ?? [])
  const passwords = urls
    .flatMap((name) => databaseUrls(settings[name] ?? '') ?? settings[name] ?? [])
    .map((url) => URL.parse(url)?.password ?? '')
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
 * The bot's log: JSON lines without credentials, with a child per request that has the reference from the reply. Its `level` can be
 * changed while it is used, and counts for its children too. Errors are logged
 * with their causes and stacks under any field name, but without the values of statements.
 */
export function openLog(
  { LOG_LEVEL: level, ...settings }: Secrets & Pick<Config, 'LOG_LEVEL'>,
  destination: DestinationStream = { write: (line) => void process.stdout.write(line) },
): Logger {
  const secrets = secretsOf(settings)
  const log: Logger = pino(
    {
      level,
      // pino's own serializer keeps every field of an error, including a statement's parameters.
      serializers: { err: (error: unknown) => withoutErrors(error) },
      formatters: { log: plain },
      hooks: {
        logMethod(words, write, level) {
          // A child keeps the level that its parent had, so all of them ask the root for the level of the moment.
          if (level < log.levelVal) return
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
    return child.call(this, plain(bindings), { ...options, level: 'trace' })
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
