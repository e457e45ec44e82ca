import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import project from '../../package.json' with { type: 'json' }
import { commands, loadCommands } from '../../src/command/registry.ts'
import { environmentOf, isUnconfigured, readConfig } from '../../src/core/config.ts'
import { bundle } from '../../src/sandbox/start/bundle.ts'
import { bundled } from '../../src/sandbox/start/bundled.ts'
import { personAt } from '../people.ts'
import { sampled } from '../sized.ts'

// Each starts a process or several, which a busy machine does slowly.
vi.setConfig({ testTimeout: 180_000 })

const complete = {
  SLACK_BOT_TOKEN: 'xoxb-1-2-3',
  SLACK_APP_TOKEN: 'xapp-1-2-3',
  QUAY_URL: 'https://quay.example.com',
  QUAY_TOKEN: 'a'.repeat(40),
}

test('nothing configured opens the sandbox, which says whom you can be and what to try', async () => {
  const bot = start({}, '--port', '0')
  await expect.poll(bot.output, { timeout: 120_000 }).toContain('_control/quay')
  const text = bot.output()
  for (const person of ['alice', 'bea', 'carl', 'dora', 'eve', 'frank', 'grace']) expect(text).toContain(person)
  expect(text.match(/^ {2}curl /gm)).toHaveLength(3)
  const [origin = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(text) ?? []
  expect(await (await fetch(`${origin}/healthz`)).json()).toEqual({ ok: true, mode: 'sandbox' })
  expect((await fetch(`${origin}/_control/quay`, { headers: { origin: 'https://evil.example' } })).status).toBe(403)

  bot.process.kill('SIGTERM')
  expect(await bot.over).toBe(0)
})

test('from its second start on the sandbox comes out of one file, and does the same', async () => {
  await bundle()
  const bot = run(fileURLToPath(bundled() ?? ''), {}, ['--port', '0'])
  await expect.poll(bot.output, { timeout: 120_000 }).toContain('_control/quay')
  const [origin = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(bot.output()) ?? []
  const alice = personAt(origin, 'alice')
  expect((await alice.types('/quay repo create acme/web')).text).toMatch(/^Created .*acme\/web/)
  expect((await alice.types('/quay help')).text).toContain('in Quay')
  expect((await (await fetch(`${origin}/page/page.js`)).text()).length).toBeGreaterThan(100_000)
  await loadCommands()
  const listed = JSON.stringify((await alice.types('/quay help repo')).blocks)
  for (const name of commands.keys()) if (/^repo [a-z]+$/.test(name)) expect(listed).toContain(name)
})

test('half configured, or in production with nothing: it exits and names everything that is missing', async () => {
  const half = start({ SLACK_BOT_TOKEN: 'xoxb-1-2-3' })
  expect(await half.over).toBe(1)
  for (const name of ['QUAY_URL', 'QUAY_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET']) expect(half.output()).toContain(name)

  const production = start({ NODE_ENV: 'production' })
  expect(await production.over).toBe(1)
  for (const name of ['SLACK_BOT_TOKEN', 'QUAY_URL', 'QUAY_TOKEN', 'SECRETS_KEY']) expect(production.output()).toContain(name)
})

test('a port that is taken, a port that is none and an option that is unknown are a sentence each', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  onTestFinished(() => void other.close())
  const { port } = other.address() as AddressInfo // it listens on a port
  const cases: [string[], string][] = [
    [['--port', String(port)], `Port ${port} is in use. Choose another one: npm start -- --port ${port + 1}`],
    [['--port', 'abc'], 'PORT must be a port, such as 3000.'],
    [
      ['--prot', '4000'],
      'Unknown option: --prot 4000. The options are --port and, for the sandbox, --quay: npm start -- --port 4000 --quay 3.12',
    ],
    [
      ['--port', '0', '--quay', '2.0'],
      'The sandbox has no Quay 2.0. It has 3.9, 3.10, 3.11, 3.12, 3.13, 3.14, 3.15, 3.16, 3.17, 3.18 and newest: npm start -- --quay 3.12',
    ],
  ]
  for (const [parameters, sentence] of sampled(cases, 2)) {
    const bot = start({}, ...parameters)
    expect(await bot.over).toBe(1)
    expect(bot.output()).toBe(`Quaymaster cannot start: ${sentence}\n`)
  }
})

test('Slack refuses the token: a sentence names the setting, and holds nothing of the token', async () => {
  const slack = createServer((_, response) => response.end('{"ok":false,"error":"invalid_auth"}')).listen(0, '127.0.0.1')
  await once(slack, 'listening')
  onTestFinished(() => void slack.close())
  const { port } = slack.address() as AddressInfo // it listens on a port
  const dataDir = await mkdtemp(join(tmpdir(), 'quaymaster-start-'))
  onTestFinished(() => rm(dataDir, { recursive: true }))
  const bot = start({
    ...complete,
    QUAY_URL: 'http://127.0.0.1:1',
    SLACK_API_URL: `http://127.0.0.1:${port}/`,
    DATA_DIR: dataDir,
    PORT: '0',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'silent',
  })
  expect(await bot.over).toBe(1)
  expect(bot.output()).toBe(
    'Quaymaster cannot start: Slack refuses SLACK_BOT_TOKEN: invalid_auth. Copy it anew from the pages of the Slack app.\n',
  )
})

test('one setting of Slack, Quay, the database or the key, and there is no sandbox any more', () => {
  expect(isUnconfigured({})).toBe(true)
  expect(isUnconfigured({ PORT: '4000', LOG_LEVEL: 'debug' })).toBe(true)
  for (const name of ['SLACK_API_URL', 'QUAY_RATE', 'DATABASE_URL', 'SECRETS_KEY']) expect(isUnconfigured({ [name]: 'x' })).toBe(false)
  expect(isUnconfigured({ NODE_ENV: 'production' })).toBe(false)
})

test('a wrong setting is said with its name and an example, all of them at once', () => {
  const read = readConfig({ ...complete, QUAY_URL: 'quay.example.com', QUAY_RATE: 'fast', LANGUAGE: 'fr', DATABASE_URL: 'mysql://x' })
  expect(read).toEqual({
    problems: [
      'QUAY_URL must be a URL such as https://quay.example.com.',
      'QUAY_RATE must be requests per second, such as 4.',
      'DATABASE_URL must be a URL such as postgres://bot@db/quaymaster.',
      'LANGUAGE must be en or ja.',
      expect.stringContaining('SECRETS_KEY is missing'),
    ],
  })
  expect(readConfig({ ...complete, QUAY_URL: 'https://me:secret@quay.example.com' })).toMatchObject({
    problems: [expect.stringContaining('must not contain a user name or password')],
  })
  expect(
    readConfig({ ...complete, NODE_ENV: 'production', SLACK_API_URL: 'http://127.0.0.1:1/', SECRETS_KEY: 'k'.repeat(32) }),
  ).toMatchObject({ problems: [expect.stringContaining('SLACK_API_URL')] })
  expect(readConfig({ ...complete, SLACK_BOT_TOKEN: 'xoxb-', QUAY_URL: 'https://example.com/bot', QUAY_CA_FILE: '.' })).toEqual({
    problems: [
      'SLACK_BOT_TOKEN must look like xoxb-123-456-abc.',
      'QUAY_URL must end with the host, such as https://quay.example.com.',
      'QUAY_CA_FILE must be the path of a readable PEM file, such as ./ca.pem.',
    ],
  })
  expect(readConfig(complete)).toMatchObject({ config: { QUAY_URL: 'https://quay.example.com', QUAY_RATE: 4 } })
})

test('--port wins over the environment, and an empty setting is no setting', () => {
  expect(environmentOf({ PORT: '3000', QUAY_URL: '' }, ['--port', '4000'])).toMatchObject({ PORT: '4000' })
  expect(environmentOf({ QUAY_URL: '' }, [])).not.toHaveProperty('QUAY_URL')
})

test('the image holds what the bot needs to run, not as root, without the sandbox and what only tests need', () => {
  const dockerfile = readFileSync('Dockerfile', 'utf8')
  expect(dockerfile).toMatch(/npm ci --omit=dev/)
  expect(dockerfile).toMatch(/^USER 1000$/m)
  expect(dockerfile).toMatch(/^HEALTHCHECK/m)
  expect(dockerfile).toContain(`node:${project.devDependencies.node}-`)
  expect(readFileSync('.dockerignore', 'utf8')).toContain('src/sandbox')
  const runtime = new Set(Object.keys(project.dependencies))
  const imported = globSync('src/**/*.ts', { exclude: ['src/sandbox/**'] }).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/from '(@[^/']+\/[^/']+|[^./'][^/']*)/g)].map(([, name = '']) => name),
  )
  expect([...new Set(imported)].filter((name) => !name.startsWith('node:') && !runtime.has(name))).toEqual([])
  expect(existsSync('LICENSE')).toBe(true)
})

/** The bot as `npm start` runs it, in a process of its own with this environment and nothing else of ours. */
function start(environment: Record<string, string>, ...parameters: string[]) {
  return run('src/main.ts', environment, parameters)
}

function run(file: string, environment: Record<string, string>, parameters: string[]) {
  let text = ''
  const started = spawn(process.execPath, [file, ...parameters], {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...environment },
  })
  for (const stream of [started.stdout, started.stderr]) {
    stream.on('data', (piece) => {
      text += piece
    })
  }
  onTestFinished(() => void started.kill('SIGKILL'))
  // When it has ended and all it said is here: a busy machine takes its time.
  const over = once(started, 'close').then(([code]) => code as number | null)
  return { process: started, output: () => text, over }
}
