import { mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { environmentOf, isUnconfigured, readConfig } from '../../src/core/config.ts'
import { openLog } from '../../src/core/log.ts'
import { secretSettings } from '../../src/core/secret-settings.ts'
import { examples } from '../../src/core/setting-flaws.ts'

const folder = mkdtempSync(join(tmpdir(), 'quaymaster-settings-'))
afterAll(() => rm(folder, { recursive: true }))
const authority = fileURLToPath(new URL('tls/authority.pem', import.meta.url))

/** A file with this content. */
function file(name: string, content: string) {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const complete: Record<string, string> = {
  SLACK_BOT_TOKEN: 'xoxb-1-2-3',
  SLACK_APP_TOKEN: 'xapp-1-2-3',
  QUAY_URL: 'https://quay.example.com',
  QUAY_TOKEN: 'a'.repeat(40),
}

/** Each setting with a valid value, and values that cannot be meant. */
const table: Record<keyof typeof examples, { good: string[]; wrong: string[] }> = {
  SLACK_BOT_TOKEN: { good: ['xoxb-123-456-abc'], wrong: ['xoxb-', 'xoxp-1-2', 'bot', 'xoxb-1 2', 'xoxb-…'] },
  SLACK_APP_TOKEN: { good: ['xapp-1-A1-123-abc'], wrong: ['xapp-', 'xoxb-1-2', 'A0123'] },
  SLACK_SIGNING_SECRET: { good: ['8f742231b10e8888abcd99edabcd85a5'], wrong: ['short', 'two words and some more', 'päßwörter-päßwörter'] },
  SLACK_API_URL: { good: ['https://slack.example.com/api/'], wrong: ['slack.com', 'ftp://slack.com', 'https://me:secret@slack.com/api/'] },
  SLACK_COMMAND: {
    good: ['/quay-test', 'registry'],
    wrong: ['/Quay', '/quay test', '//quay', '/', '/1quay', `/${'q'.repeat(32)}`, '/q\u00fcay'],
  },
  QUAY_URL: {
    good: ['https://quay.example.com', 'https://quay.example.com/', 'HTTPS://Quay.Example.com:8443'],
    wrong: [
      'quay.example.com',
      'https://quay.example.com/quay',
      'https://quay.example.com/?x=1',
      'https://me:secret@quay.example.com',
      'https://quay example.com',
      'https://',
      'ftp://quay.example.com',
      'https://quay.example.com:99999',
    ],
  },
  QUAY_TOKEN: { good: ['b'.repeat(40)], wrong: ['short', 'with a space in the middle of it', 'ä'.repeat(40)] },
  QUAY_RATE: { good: ['4', '0.5'], wrong: ['fast', '0', '-1', 'NaN', 'Infinity', '4/s'] },
  CA_FILE: { good: [authority], wrong: ['.', '/nowhere/ca.pem', file('no.pem', 'no certificate')] },
  QUAY_CA_FILE: { good: [authority], wrong: ['.', '/nowhere/ca.pem', file('none.pem', '')] },
  HTTPS_PROXY: {
    good: ['http://proxy.example.com:3128', 'proxy.example.com:3128', 'https://me:secret@proxy', 'http://10.0.0.1:8080/'],
    wrong: ['socks5://proxy:1080', 'http://', 'yes please', 'http://me:100%sure@proxy:3128'],
  },
  HTTP_PROXY: { good: ['http://proxy.example.com:3128'], wrong: ['socks5://proxy:1080', 'http://', 'a b'] },
  NO_PROXY: {
    good: ['*', 'localhost,127.0.0.1', '.corp.example quay:8443', '10.0.0.0/8, fd00::/8, ::1, [::1]:443', '*.corp.example'],
    wrong: ['https://quay.example.com', '10.0.0.0/33', 'quay.example.com/path', 'a;b', '10.0.0/8'],
  },
  PUBLIC_URL: {
    good: ['https://quaymaster.example.com', 'https://apps.example.com/x/quaymaster/'],
    wrong: ['quaymaster.example.com', 'https://me:secret@apps.example.com', 'https://apps.example.com/?bot=1', 'ws://apps.example.com'],
  },
  PORT: { good: ['3000', '0'], wrong: ['abc', '-1', '65536', '3000.5', '3000/tcp', 'tcp://10.0.0.1:80'] },
  HOST: { good: ['0.0.0.0', '::', 'localhost'], wrong: ['http://0.0.0.0', 'a b', '0.0.0.0/0'] },
  TABLES: { good: ['auto', 'off'], wrong: ['on', 'yes', 'AUTO'] },
  CHARTS: { good: ['auto', 'off'], wrong: ['on', 'yes', 'AUTO'] },
  PLANS: { good: ['auto', 'off'], wrong: ['on', 'yes', 'AUTO'] },
  TABLE_BUTTONS: { good: ['on', 'off'], wrong: ['auto', 'yes', 'ON'] },
  POLICY_FILE: { good: ['policy.example.yml'], wrong: ['/nowhere/policy.yml', '.'] },
  DATA_DIR: { good: ['./data'], wrong: ['postgres://db/quaymaster', 'package.json'] },
  DATABASE_URL: {
    good: ['postgres://bot@db/quaymaster', 'postgres://bot@db1,db2:5433/quaymaster'],
    wrong: ['mysql://db/quaymaster', 'db.example.com', 'postgres', 'postgres://db1,/q'],
  },
  DATABASE_POOL: { good: ['1', '500'], wrong: ['many', '0', '501', '2.5', '-3'] },
  SECRETS_KEY: { good: ['k'.repeat(32), `${'n'.repeat(32)},${'k'.repeat(32)}`], wrong: ['short', `${'n'.repeat(32)},short`] },
  AUDIT_HEADS_FILE: { good: [join(folder, 'heads.jsonl')], wrong: ['.'] },
  AUDIT_KEEP_DAYS: { good: ['730', '1'], wrong: ['0', '-1', 'two years', '1.5'] },
  LANGUAGE: { good: ['en', 'ja'], wrong: ['fr', 'English', 'ja-JP'] },
  LOG_LEVEL: { good: ['info', 'silent'], wrong: ['verbose', 'INFO', '3'] },
}

function problemsOf(environment: Record<string, string | undefined>) {
  const read = readConfig(environment)
  return 'problems' in read ? read.problems : []
}

/** What belongs to another setting is no matter here. */
function problemsOfOne(name: string, value: string) {
  const base = name === 'DATABASE_URL' ? { ...complete, SECRETS_KEY: 'k'.repeat(32) } : complete
  return problemsOf({ ...base, [name]: value })
}

/** One sentence: the name first, no validator's words, an example. */
function expectSentence(problems: string[], name: string) {
  expect(problems, name).toHaveLength(1)
  const [sentence = ''] = problems
  expect(sentence).toMatch(RegExp(`^${name} [a-z]`))
  expect(sentence).toMatch(/\.$/)
  expect(sentence).not.toMatch(/invalid|expected|received|too small|too big|zod/i)
  expect(sentence).toMatch(/such as|must be en or ja|for example|Remove|unset|look like/)
}

describe.each(Object.entries(table))('%s', (name, { good, wrong }) => {
  test('takes what is meant', () => {
    for (const value of good) expect(problemsOfOne(name, value), value).toEqual([])
  })

  test.each(wrong)('%j is refused in one sentence, with the name and an example', (value) => {
    expectSentence(problemsOfOne(name, value), name)
  })

  test('spaces, line breaks, quotation marks and invisible characters around or in it are named', () => {
    const [value = ''] = good
    const flawed = {
      [`${value}\n`]: /space or a line break/,
      [`${value}\r\n`]: /space or a line break/,
      [` ${value}`]: /space or a line break/,
      [`\u00a0${value}`]: /space or a line break/,
      [`\ufeff${value}`]: /space or a line break/,
      [`${value}\n${value}`]: /line break in it/,
      '   ': /only spaces/,
      '\n': /only spaces/,
      [`"${value}"`]: /quotation mark/,
      [`'${value}'`]: /quotation mark/,
      [`“${value}”`]: /quotation mark/,
      [`"${value}`]: /quotation mark/,
      [`${value}\u200b`]: /invisible character in it, U\+200B/,
      [`${value.slice(0, 1)}\u202e${value.slice(1)}`]: /invisible character in it, U\+202E/,
      [`${value}\u0000`]: /invisible character in it, U\+0000/,
    }
    for (const [text, words] of Object.entries(flawed)) {
      const problems = problemsOfOne(name, text)
      expectSentence(problems, name)
      expect(problems[0]).toMatch(words)
      // What was meant to be secret is in no sentence.
      if (value.length > 12) expect(problems[0]?.replaceAll(examples[name as keyof typeof examples], '')).not.toContain(value)
    }
  })

  test('empty is unset', () => {
    const read = readConfig(environmentOf({ ...complete, [name]: '' }, []))
    const problems = 'problems' in read ? read.problems : []
    const isRequired = name in complete && name !== 'SLACK_APP_TOKEN'
    expect(problems).toEqual(
      isRequired
        ? [expect.stringMatching(RegExp(`^${name} is missing\\. Set it`))]
        : name === 'SLACK_APP_TOKEN'
          ? [expect.stringContaining('SLACK_APP_TOKEN is missing. Set it (xapp-…, for Socket Mode), or set SLACK_SIGNING_SECRET')]
          : [],
    )
  })
})

test('every setting has an example and a line of this table; what a person never sets apart', () => {
  const read = readConfig({ ...complete, NODE_ENV: 'test' })
  const known = 'config' in read ? Object.keys(read.config) : []
  expect(Object.keys(table).toSorted()).toEqual(Object.keys(examples).toSorted())
  expect(known.filter((name) => !(name in table)).toSorted()).toEqual(['MODE', 'NODE_ENV'])
  expect(problemsOf({ ...complete, MODE: 'production' })).toEqual(['MODE must be live, or unset.'])
})

test('all problems are told at once, each setting once', () => {
  const all = Object.fromEntries(Object.entries(table).map(([name, { wrong }]) => [name, wrong[0]]))
  const problems = problemsOf(all)
  for (const name of Object.keys(table))
    expect(
      problems.filter((one) => one.startsWith(`${name} `)),
      name,
    ).toHaveLength(1)
})

const valid: Record<(typeof secretSettings)[number], string> = {
  SLACK_BOT_TOKEN: 'xoxb-123-456-abc',
  SLACK_APP_TOKEN: 'xapp-1-A1-123-abc',
  SLACK_SIGNING_SECRET: '8f742231b10e8888abcd99edabcd85a5',
  QUAY_TOKEN: 'c'.repeat(40),
  SECRETS_KEY: 'k'.repeat(40),
  DATABASE_URL: 'postgres://bot:hunter2secret@db/quaymaster',
  HTTPS_PROXY: 'http://bot:hunter2secret@proxy:3128',
  HTTP_PROXY: 'http://bot:hunter2secret@proxy:3128',
}

describe.each(secretSettings)('%s_FILE', (name) => {
  const key = `${name}_FILE`
  const rest = Object.fromEntries(Object.entries({ ...complete, SECRETS_KEY: 'k'.repeat(32) }).filter(([other]) => other !== name))

  test('holds the secret, with the line break at its end or without', () => {
    for (const end of ['', '\n', '\r\n']) {
      const environment = environmentOf({ ...rest, [key]: file(`${name}${end.length}`, `${valid[name]}${end}`) }, [])
      expect(readConfig(environment)).toMatchObject({ config: { [name]: valid[name] } })
      // Also where the settings come from elsewhere.
      expect(readConfig({ ...rest, [key]: file(name, `${valid[name]}${end}`) })).toMatchObject({ config: { [name]: valid[name] } })
    }
  })

  test('that is missing, a folder or empty, or stands beside the setting itself, is one sentence', () => {
    const cases: [Record<string, string>, RegExp][] = [
      [
        { [key]: '/nowhere/secret' },
        /^\w+_FILE must be the path of a file that holds \w+ alone, such as .+; this one cannot be read \(ENOENT\)\.$/,
      ],
      [{ [key]: folder }, /cannot be read \(EISDIR\)\.$/],
      [{ [key]: file('empty', '\n') }, /this file is empty\.$/],
      [{ [key]: file('whole', valid[name]), [name]: valid[name] }, /^\w+ and \w+_FILE are both set\. Remove one of them\.$/],
      [{ [key]: `"${file('quoted', valid[name])}"` }, /^\w+_FILE begins or ends with a quotation mark/],
      [{ [key]: file('two', `${valid[name]}\n${valid[name]}`) }, /has a line break in it/],
    ]
    for (const [settings, words] of cases) {
      const problems = problemsOf(environmentOf({ ...rest, ...settings }, []))
      expect(problems).toEqual([expect.stringMatching(words)])
      expect(problems[0]).toMatch(RegExp(`^${name}`))
    }
  })

  test('is a setting like any other: the sandbox stays shut, and the secret is in no log', () => {
    if (!name.endsWith('_PROXY')) expect(isUnconfigured({ [key]: '/run/secrets/x' })).toBe(false)
    let log = ''
    const read = readConfig(environmentOf({ ...rest, [key]: file(name, valid[name]) }, []))
    if ('problems' in read) throw new Error(read.problems.join())
    const write = (line: string) => {
      log += line
    }
    openLog(read.config, { write }).info(`it is ${valid[name]}`)
    expect(log).not.toMatch(/hunter2secret|c{40}|k{40}/)
    expect(log).toContain('it is')
  })
})

test('both names of the authority’s file are taken, and two different ones are not', () => {
  expect(problemsOf({ ...complete, CA_FILE: authority, QUAY_CA_FILE: authority })).toEqual([])
  const other = file('other.pem', '-----BEGIN CERTIFICATE-----')
  expect(problemsOf({ ...complete, CA_FILE: authority, QUAY_CA_FILE: other })).toEqual([
    'CA_FILE and QUAY_CA_FILE are both set. Remove QUAY_CA_FILE, and put all certificates into CA_FILE, such as ./ca.pem.',
  ])
})
