import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { parse } from 'dotenv'
import { z } from 'zod'
import { databaseUrls } from './database-url.ts'
import { Failure } from './failure.ts'
import { ringOf } from './key-ring.ts'
import { levels } from './log-levels.ts'
import { isNoProxy } from './network.ts'
import { fileProblems, secretSettings, withSecretFiles } from './secret-settings.ts'
import { examples, flawOf } from './setting-flaws.ts'
import { address, holdsCertificate, kindOf, proxy } from './setting-kinds.ts'

const slackApi = 'https://slack.com/api/'

const quayUrl = address(examples.QUAY_URL)
  // Quay is always the root of a host: a path would be dropped, and every call would fail.
  .refine((text) => URL.parse(text)?.pathname === '/', `must end with the host, such as ${examples.QUAY_URL}`)
  .transform((text) => new URL(text).origin)
// A shared ingress may serve the bot below a path.
const publicUrl = address(examples.PUBLIC_URL).transform((text) => new URL(text).href.replace(/\/{1,20}$/, ''))
const token = (prefix: string, example: string) => z.string().regex(RegExp(`^${prefix}[\\w-]+$`), `must look like ${example}`)
const portWords = 'must be a port, such as 3000'
const port = z.coerce.number(portWords).int(portWords).min(0, portWords).max(65_535, portWords)
const poolWords = 'must be a number of connections from 1 to 500, such as 10'
const daysWords = 'must be a number of days, such as 730'
const rateWords = 'must be requests per second, such as 4'
const caFile = z.string().refine(holdsCertificate, `must be the path of a readable PEM file, such as ${examples.CA_FILE}`).optional()

const drawn = z.enum(['auto', 'off'], 'must be auto or off, such as auto').default('auto')

const settings = z.object({
  NODE_ENV: z.string().optional(),
  /** Set only by the sandbox; /healthz returns it. */
  MODE: z.enum(['live', 'sandbox'], 'must be live, or unset').default('live'),
  SLACK_BOT_TOKEN: token('xoxb-', examples.SLACK_BOT_TOKEN),
  SLACK_APP_TOKEN: token('xapp-', examples.SLACK_APP_TOKEN).optional(),
  SLACK_SIGNING_SECRET: z
    .string()
    .regex(
      /^[\x21-\x7e]{16,}$/,
      `must be the signing secret of the Slack app, 32 hexadecimal digits, such as ${examples.SLACK_SIGNING_SECRET}`,
    )
    .optional(),
  SLACK_API_URL: address(slackApi).default(slackApi),
  SLACK_COMMAND: z
    .string()
    .regex(
      /^\/?[a-z][a-z0-9_-]{0,30}$/,
      `must be a slash command in lower case with 32 characters at most, such as ${examples.SLACK_COMMAND}`,
    )
    .transform((word) => `/${word.replace('/', '')}`)
    .default('/quay'),
  QUAY_URL: quayUrl,
  QUAY_TOKEN: z.string().regex(/^[\x21-\x7e]{20,}$/, 'must be an OAuth access token of Quay, such as the 40 characters that Quay showed'),
  CA_FILE: caFile,
  /** The former name of CA_FILE. */
  QUAY_CA_FILE: caFile,
  QUAY_RATE: z.coerce.number(rateWords).positive(rateWords).default(4),
  HTTPS_PROXY: proxy.optional(),
  HTTP_PROXY: proxy.optional(),
  NO_PROXY: z
    .string()
    .refine(isNoProxy, `must be hosts, domains or ranges of addresses with commas between them, such as ${examples.NO_PROXY}`)
    .optional(),
  PUBLIC_URL: publicUrl.optional(),
  PORT: port.default(3000),
  HOST: z
    .string()
    .regex(/^[\w.:%-]+$/, `must be an address or host name to listen on, such as ${examples.HOST}`)
    .default('0.0.0.0'),
  POLICY_FILE: z
    .string()
    .refine((path) => kindOf(path) === 'file', `must be the path of a readable policy, such as ${examples.POLICY_FILE}`)
    .optional(),
  DATA_DIR: z
    .string()
    .refine((path) => !path.includes('://') && kindOf(path) !== 'file', `must be the path of a directory, such as ${examples.DATA_DIR}`)
    .default('./data'),
  // It may name several hosts, so it need not be a URL.
  DATABASE_URL: z
    .string()
    .refine((text) => databaseUrls(text) !== undefined, 'must be a URL such as postgres://bot@db/quaymaster')
    .optional(),
  DATABASE_POOL: z.coerce.number(poolWords).int(poolWords).min(1, poolWords).max(500, poolWords).default(10),
  SECRETS_KEY: z
    .string()
    .refine(
      (text) => ringOf(text).every((key) => key.length >= 32),
      'must have at least 32 characters, such as the output of: openssl rand -base64 32. Several keys are separated by commas, the newest first',
    )
    .optional(),
  AUDIT_HEADS_FILE: z
    .string()
    .refine((path) => kindOf(path) !== 'directory', `must be the path of a file, such as ${examples.AUDIT_HEADS_FILE}`)
    .optional(),
  AUDIT_KEEP_DAYS: z.coerce.number(daysWords).int(daysWords).min(1, daysWords).optional(),
  TABLES: drawn,
  CHARTS: drawn,
  PLANS: drawn,
  TABLE_BUTTONS: z.enum(['on', 'off'], 'must be on or off, such as off').default('off'),
  LANGUAGE: z.enum(['en', 'ja'], 'must be en or ja').default('en'),
  LOG_LEVEL: z.enum(levels, `must be a level of pino, such as info`).default('info'),
})

export type Config = z.output<typeof settings>

export type Environment = Record<string, string | undefined>

/** Whether nothing is configured. Then the sandbox may start, but only outside production (docs/SECURITY.md rule 24). */
export function isUnconfigured(environment: Environment) {
  const configured = Object.keys(environment).some(
    (name) => /^(SLACK_|QUAY_)/.test(name) || /^(DATABASE_URL|SECRETS_KEY)(_FILE)?$/.test(name),
  )
  return !configured && environment.NODE_ENV !== 'production'
}

/** Reads the settings, or returns all their problems, one line each: the variable, the problem, an example. */
export function readConfig(given: Environment): { config: Config } | { problems: string[] } {
  const environment = withSecretFiles(given)
  const { data, error } = settings.safeParse(environment)
  const names = [...Object.keys(settings.shape), ...secretSettings.map((name) => `${name}_FILE`)]
  const flaws = new Map(
    names.flatMap((name) => {
      const value = environment[name]
      const flaw = value === undefined ? undefined : flawOf(name, value)
      return flaw === undefined ? [] : [[name, flaw] as const]
    }),
  )
  const issues = (error?.issues ?? []).map(({ path, message }) => ({ name: String(path[0]), message }))
  const problems = [
    ...flaws.values(),
    ...fileProblems(environment).filter((problem) => !flaws.has(problem.split(' ')[0] ?? '')),
    ...issues
      // One sentence for each setting: what it lacks while its file cannot be read is no problem of its own.
      .filter(({ name }, index) => issues.findIndex((other) => other.name === name) === index)
      .filter(({ name }) => !flaws.has(name) && environment[`${name}_FILE`] === undefined)
      .map(({ name, message }) => `${name} ${environment[name] === undefined ? missing(name) : message}.`),
  ]
  if (environment.CA_FILE && environment.QUAY_CA_FILE && environment.CA_FILE !== environment.QUAY_CA_FILE)
    problems.push('CA_FILE and QUAY_CA_FILE are both set. Remove QUAY_CA_FILE, and put all certificates into CA_FILE, such as ./ca.pem.')
  if (!['SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET'].some((name) => environment[name] ?? environment[`${name}_FILE`])) {
    problems.push('SLACK_APP_TOKEN is missing. Set it (xapp-…, for Socket Mode), or set SLACK_SIGNING_SECRET (for HTTP).')
  }
  const production = environment.NODE_ENV === 'production'
  if (production && environment.SLACK_API_URL && environment.SLACK_API_URL !== slackApi)
    problems.push('SLACK_API_URL can differ from Slack’s own URL only outside production. Remove it.')
  if ((production || environment.DATABASE_URL) && !environment.SECRETS_KEY && !environment.SECRETS_KEY_FILE) {
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
  const issues = (error?.issues ?? []).map(({ path, message }) => `${String(path[0])} ${message}.`)
  const problems = [...issues, ...fileProblems(environment).filter((problem) => /^(?:SECRETS_KEY|DATABASE_URL)\b/.test(problem))]
  return data && problems.length === 0 ? { config: data } : { problems }
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
  const set = Object.entries({
    ...file,
    ...processEnvironment,
    ...proxiesOf(processEnvironment),
    ...(port && { PORT: port }),
    ...(quay && { SANDBOX_QUAY: quay }),
  }).filter(([, value]) => value !== '')
  return withSecretFiles(Object.fromEntries(set))
}

/** The proxies in lower case, which other programs have and prefer too. */
function proxiesOf(environment: Environment): Environment {
  const names = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY']
  return Object.fromEntries(names.flatMap((name) => (environment[name.toLowerCase()] ? [[name, environment[name.toLowerCase()]]] : [])))
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

/** The slash command that the environment chooses. Throws `invalid` for a word that Slack does not take. */
export function slashCommandIn({ SLACK_COMMAND }: Environment) {
  const { data, error } = settings.shape.SLACK_COMMAND.safeParse(SLACK_COMMAND)
  if (data === undefined) throw new Failure('invalid', 'SLACK_COMMAND {problem}.', { problem: error?.issues[0]?.message ?? '' })
  return data
}

/** The environment of this process. No other code reads process.env. */
export function readEnvironment(commandLine = process.argv.slice(2)): Environment {
  return environmentOf(process.env, commandLine)
}
