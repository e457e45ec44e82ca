import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { parse } from 'dotenv'
import { z } from 'zod'
import { databaseUrls } from './database-url.ts'
import { Failure } from './failure.ts'
import { ringOf } from './key-ring.ts'

const slackApi = 'https://slack.com/api/'

const url = z.url({ protocol: /^https?$/, error: 'must be a URL such as https://quay.example.com' })
const origin = url
  .refine((text) => !URL.parse(text)?.username && !URL.parse(text)?.password, 'must not contain a user name or password')
  // Both URLs must be the root of a host: a path would be dropped, and every call would fail.
  .refine((text) => ['/', undefined].includes(URL.parse(text)?.pathname), 'must end with the host, such as https://quay.example.com')
  .transform((text) => new URL(text).origin)
const token = (prefix: string, example: string) => z.string().regex(RegExp(`^${prefix}[\\w-]+$`), `must look like ${example}`)
const port = z.coerce.number('must be a port, such as 3000').int('must be a port, such as 3000').min(0).max(65_535, 'must be at most 65535')

const settings = z.object({
  NODE_ENV: z.string().optional(),
  /** Set only by the sandbox; /healthz returns it. */
  MODE: z.enum(['live', 'sandbox']).default('live'),
  SLACK_BOT_TOKEN: token('xoxb-', 'xoxb-123-456-abc'),
  SLACK_APP_TOKEN: token('xapp-', 'xapp-1-A1-123-abc').optional(),
  SLACK_SIGNING_SECRET: z.string().min(16, 'must be the signing secret of the Slack app, 32 hexadecimal digits').optional(),
  SLACK_API_URL: url.default(slackApi),
  QUAY_URL: origin,
  QUAY_TOKEN: z.string().regex(/^[\x21-\x7e]{20,}$/, 'must be an OAuth access token of Quay, 40 characters'),
  QUAY_CA_FILE: z.string().refine(holdsCertificate, 'must be the path of a readable PEM file').optional(),
  QUAY_RATE: z.coerce.number('must be requests per second, such as 4').positive().default(4),
  PUBLIC_URL: origin.optional(),
  PORT: port.default(3000),
  HOST: z.string().default('0.0.0.0'),
  POLICY_FILE: z.string().refine(existsSync, 'must be the path of a readable policy, such as ./policy.yml').optional(),
  DATA_DIR: z.string().default('./data'),
  // It may name several hosts, so it need not be a URL.
  DATABASE_URL: z
    .string()
    .refine((text) => databaseUrls(text) !== undefined, 'must be a URL such as postgres://bot@db/quaymaster')
    .optional(),
  DATABASE_POOL: z.coerce.number('must be a number of connections, such as 10').int().min(1).max(500, 'must be at most 500').default(10),
  SECRETS_KEY: z
    .string()
    .refine(
      (text) => ringOf(text).every((key) => key.length >= 32),
      'must have at least 32 characters, such as the output of: openssl rand -base64 32. Several keys are separated by commas, the newest first',
    )
    .optional(),
  AUDIT_HEADS_FILE: z.string().optional(),
  AUDIT_KEEP_DAYS: z.coerce
    .number('must be a number of days, such as 730')
    .int('must be a number of days, such as 730')
    .min(1, 'must be at least 1')
    .optional(),
  LANGUAGE: z.enum(['en', 'ja'], 'must be en or ja').default('en'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'must be a level of pino, such as info')
    .default('info'),
})

export type Config = z.output<typeof settings>

export type Environment = Record<string, string | undefined>

function holdsCertificate(file: string) {
  try {
    return readFileSync(file, 'utf8').includes('-----BEGIN CERTIFICATE-----')
  } catch {
    return false
  }
}

/** Whether nothing is configured. Then the sandbox may start, but only outside production (docs/SECURITY.md rule 24). */
export function isUnconfigured(environment: Environment) {
  const configured = Object.keys(environment).some(
    (name) => /^(SLACK_|QUAY_)/.test(name) || name === 'DATABASE_URL' || name === 'SECRETS_KEY',
  )
  return !configured && environment.NODE_ENV !== 'production'
}

/** Reads the settings, or returns all their problems, one line each: the variable, the problem, an example. */
export function readConfig(environment: Environment): { config: Config } | { problems: string[] } {
  const { data, error } = settings.safeParse(environment)
  const frayed = Object.keys(settings.shape).filter((name) => environment[name] !== environment[name]?.trim())
  const problems = [
    // A secret read from a file often ends with a line break. Services reject it without saying why.
    ...frayed.map((name) => `${name} begins or ends with a space or a line break. Remove it, for example with printf instead of echo.`),
    ...(error?.issues ?? [])
      .map(({ path, message }) => ({ name: String(path[0]), message }))
      .filter(({ name }) => !frayed.includes(name))
      .map(({ name, message }) => `${name} ${environment[name] === undefined ? missing(name) : message}.`),
  ]
  if (!environment.SLACK_APP_TOKEN && !environment.SLACK_SIGNING_SECRET) {
    problems.push('SLACK_APP_TOKEN is missing. Set it (xapp-…, for Socket Mode), or set SLACK_SIGNING_SECRET (for HTTP).')
  }
  const production = environment.NODE_ENV === 'production'
  if (production && environment.SLACK_API_URL && environment.SLACK_API_URL !== slackApi)
    problems.push('SLACK_API_URL can differ from Slack’s own URL only outside production. Remove it.')
  if ((production || environment.DATABASE_URL) && !environment.SECRETS_KEY) {
    problems.push(
      'SECRETS_KEY is missing. It encrypts credentials and is required in production and with DATABASE_URL. Use the output of: openssl rand -base64 32.',
    )
  }
  return data && problems.length === 0 ? { config: data } : { problems }
}

const storage = settings.pick({ DATA_DIR: true, DATABASE_URL: true, SECRETS_KEY: true })

/** Reads only the settings that say where the data are, or returns their problems. */
export function readStorage(environment: Environment): { config: z.output<typeof storage> } | { problems: string[] } {
  const { data, error } = storage.safeParse(environment)
  return data ? { config: data } : { problems: error.issues.map(({ path, message }) => `${String(path[0])} ${message}.`) }
}

function missing(name: string) {
  const examples: Record<string, string> = {
    SLACK_BOT_TOKEN: 'xoxb-…, from the Slack app’s page “OAuth & Permissions”',
    QUAY_URL: 'https://quay.example.com',
    QUAY_TOKEN: 'an OAuth access token of a superuser with the scope super:user',
  }
  return `is missing. Set it (${examples[name] ?? 'see the README'})`
}

/** Merges `.env`, the process's environment, `--port 4000` and the sandbox's `--quay 3.12`; later ones win. Throws `invalid` for any other option. */
export function environmentOf(processEnvironment: Environment, commandLine: string[]): Environment {
  const file = existsSync('.env') ? parse(readFileSync('.env')) : {}
  const { port, quay } = optionsOf(commandLine)
  // An empty variable counts as unset, because a compose file passes every variable on.
  const set = Object.entries({ ...file, ...processEnvironment, ...(port && { PORT: port }), ...(quay && { SANDBOX_QUAY: quay }) }).filter(
    ([, value]) => value !== '',
  )
  return Object.fromEntries(set)
}

function optionsOf(commandLine: string[]) {
  try {
    return parseArgs({ args: commandLine, options: { port: { type: 'string' }, quay: { type: 'string' } }, strict: true }).values
  } catch {
    throw new Failure(
      'invalid',
      'Unknown option: {words}. The options are --port and, for the sandbox, --quay: npm start -- --port 4000 --quay 3.12',
      {
        words: commandLine.join(' '),
      },
    )
  }
}

/** The port of the sandbox. Throws `invalid` for a value that is not a port. */
export function sandboxPort({ PORT }: Environment) {
  const { data, error } = port.safeParse(PORT ?? 4000)
  if (data === undefined) throw new Failure('invalid', 'PORT {problem}.', { problem: error?.issues[0]?.message ?? '' })
  return data
}

/** The environment of this process. No other code reads process.env. */
export function readEnvironment(commandLine = process.argv.slice(2)): Environment {
  return environmentOf(process.env, commandLine)
}
