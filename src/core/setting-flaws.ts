import { visible } from './markup.ts'

/** A valid value of each setting that a person writes. */
export const examples = {
  SLACK_BOT_TOKEN: 'xoxb-123-456-abc',
  SLACK_APP_TOKEN: 'xapp-1-A1-123-abc',
  SLACK_SIGNING_SECRET: '8f742231b10e8888abcd99edabcd85a5',
  SLACK_API_URL: 'https://slack.com/api/',
  SLACK_COMMAND: '/quay-test',
  QUAY_URL: 'https://quay.example.com',
  QUAY_TOKEN: 'the 40 characters that Quay showed',
  QUAY_RATE: '4',
  CA_FILE: './ca.pem',
  QUAY_CA_FILE: './ca.pem',
  HTTPS_PROXY: 'http://proxy.example.com:3128',
  HTTP_PROXY: 'http://proxy.example.com:3128',
  NO_PROXY: 'quay.example.com,.corp.example,10.0.0.0/8',
  PUBLIC_URL: 'https://quaymaster.example.com',
  PORT: '3000',
  HOST: '0.0.0.0',
  POLICY_FILE: './policy.yml',
  DATA_DIR: './data',
  DATABASE_URL: 'postgres://quaymaster@db.example.com/quaymaster',
  DATABASE_POOL: '10',
  SECRETS_KEY: 'the output of: openssl rand -base64 32',
  AUDIT_HEADS_FILE: '/var/log/quaymaster/heads.jsonl',
  AUDIT_KEEP_DAYS: '730',
  TABLES: 'auto',
  CHARTS: 'auto',
  PLANS: 'auto',
  TABLE_BUTTONS: 'off',
  LANGUAGE: 'en',
  LOG_LEVEL: 'info',
} as const

const quotes = /^["'`“”‘’«»]|["'`“”‘’«»]$/
const breaks = /[\r\n\u2028\u2029]/

/**
 * What came along when the value was copied, whichever setting it is: spaces, line breaks, quotation marks, invisible characters.
 * Services reject such a secret without saying why. Undefined: nothing.
 */
export function flawOf(name: string, value: string): string | undefined {
  if (value.trim() === '') return `${name} has only spaces. Set it, such as ${exampleOf(name)}, or remove it.`
  if (value !== value.trim())
    return `${name} begins or ends with a space or a line break. Remove it, for example with printf instead of echo.`
  if (breaks.test(value)) return `${name} has a line break in it. Write it on one line, such as ${exampleOf(name)}.`
  if (quotes.test(value))
    return `${name} begins or ends with a quotation mark, which counts as part of the value. Write it without, such as ${exampleOf(name)}.`
  const shown = visible(value).match(/⟨U\+[0-9A-F]{4,6}⟩/)?.[0]
  if (shown !== undefined && !value.includes(shown))
    return `${name} has an invisible character in it, ${shown.slice(1, -1)}. Write it anew, such as ${exampleOf(name)}.`
  return undefined
}

function exampleOf(name: string) {
  const known: Record<string, string> = examples
  return known[name.replace(/_FILE$/, '')] ?? known[name] ?? 'in docs/operations.md'
}
