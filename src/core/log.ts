import { type DestinationStream, type Logger, pino } from 'pino'
import type { Config } from './config.ts'

// Whatever looks like a credential of Slack, Quay or a database is cut, wherever it turns up in a line.
const credentials = [
  /xox[a-z]-[\w-]+/g,
  /xapp-[\w-]+/g,
  /Bearer\s+[\w.~+/=-]+/gi,
  // A name and password, up to the last @: a password may hold one, or a slash. What is only digits before a slash is a port.
  /\/\/[^\s/@:"]+:(?!\d+[/"\s])[^\s"]*@/g,
  // A webhook's address is its own password.
  /https?:\/\/[\w.-]*hooks?\.[\w.-]+\/[^\s"']+/g,
]

/** Cuts whatever looks like a credential out of a line that is about to be written. */
export function redact(line: string, secrets: string[] = []) {
  const known = secrets.reduce((text, secret) => (secret ? text.replaceAll(secret, '[credential]') : text), line)
  return credentials.reduce((text, pattern) => text.replace(pattern, '[credential]'), known)
}

const secretSettings = ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET', 'QUAY_TOKEN', 'SECRETS_KEY', 'DATABASE_URL'] as const

type Secrets = Partial<Pick<Config, (typeof secretSettings)[number]>>

/** The credentials among the settings, in every form in which they could stand in a line. */
export function secretsOf(settings: Secrets): string[] {
  const values = secretSettings.flatMap((name) => settings[name] ?? [])
  const { password } = URL.parse(settings.DATABASE_URL ?? '') ?? { password: '' }
  const all = [...values, password, decodedOr(password)].filter((value) => value.length > 3)
  return [...new Set(all.flatMap((value) => [value, JSON.stringify(value).slice(1, -1)]))]
}

function decodedOr(text: string) {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The bot's log: JSON lines without the credentials of its configuration, a child of it per request with the reference that the person sees too. */
export function openLog(
  { LOG_LEVEL: level, ...settings }: Secrets & Pick<Config, 'LOG_LEVEL'>,
  destination: DestinationStream = { write: (line) => void process.stdout.write(line) },
): Logger {
  const secrets = secretsOf(settings)
  return pino({ level }, { write: (line: string) => destination.write(redact(line, secrets)) })
}
