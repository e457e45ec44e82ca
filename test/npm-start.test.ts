import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { ownPostgres } from './db/own-database.ts'
import { isCi, sampled } from './sized.ts'
import { startSimulators } from './start-simulators.ts'

// npm, a shell and Node begin, which a busy machine does slowly.
vi.setConfig({ testTimeout: 180_000 })

const asCreated = expect.objectContaining({ namespace: 'acme', name: 'web' })

const endings = [
  ['start', 'SIGTERM', 'npm'],
  ['start', 'SIGINT', 'all its processes'],
  ['run dev', 'SIGTERM', 'npm'],
] as const

test.for(sampled(endings, 3))(
  'npm %s ends with %s to %s: what runs is finished, and nothing is left behind',
  async ([script, signal, whom]) => {
    const { quay, slack, bot } = await startThroughNpm(script)
    quay.faults({ latencyMs: 2_000, match: 'POST /api/v1/repository' })
    await slack.slash({ user: 'U0ALICE', channel: 'C0GENERAL', text: 'repo create acme/web' })
    bot.tell(signal, whom)

    await bot.gone
    expect(await isOpen(bot.port)).toBe(false)
    expect(bot.output()).toContain('Quaymaster has stopped')
    expect(quay.registry.repositories).toContainEqual(asCreated)
    expect(JSON.stringify(slack.workspace.messages)).toMatch(/Created [^"]*acme\/web/)
  },
)

test.runIf(isCi)('a signal that comes again at once, as Control-C does under npm, is the same one', async () => {
  const { quay, slack, bot } = await startThroughNpm('start')
  quay.faults({ latencyMs: 2_000, match: 'POST /api/v1/repository' })
  await slack.slash({ user: 'U0ALICE', channel: 'C0GENERAL', text: 'repo create acme/web' })
  bot.tell('SIGINT', 'npm')
  // It has been heard.
  await expect.poll(() => isOpen(bot.port), { interval: 5 }).toBe(false)
  bot.tell('SIGINT', 'npm')

  await bot.gone
  expect(bot.output()).toContain('Quaymaster has stopped')
  expect(quay.registry.repositories).toContainEqual(asCreated)
})

test('SIGTERM while the sandbox is still opening ends it as well', async () => {
  const bot = await throughNpm('start', {}, async () => undefined)
  await expect.poll(() => isOpen(bot.port), { timeout: 120_000, interval: 5 }).toBe(true)
  bot.tell('SIGTERM', 'npm')
  expect(await bot.gone).toBe(0)
  expect(await isOpen(bot.port)).toBe(false)
})

test('a second signal, later, does not wait for what runs', async () => {
  const { quay, slack, bot } = await startThroughNpm('start')
  quay.faults({ latencyMs: 60_000, match: 'POST /api/v1/repository' })
  await slack.slash({ user: 'U0ALICE', channel: 'C0GENERAL', text: 'repo create acme/web' })
  const impatient = () => {
    if (!bot.isOver()) bot.tell('SIGTERM', 'npm')
    return bot.isOver()
  }
  await expect.poll(impatient, { timeout: 10_000, interval: 200 }).toBe(true)
  expect(bot.output()).not.toContain('Quaymaster has stopped')
  expect(await isOpen(bot.port)).toBe(false)
})

/** A live bot on simulators, as an operator starts it. */
async function startThroughNpm(script: string) {
  const { quay, slack, environment } = await startSimulators()
  // What an embedded database is when its process is killed: db/directory.test.ts.
  const { where, drop } = await ownPostgres()
  const database = { DATABASE_URL: where.databaseUrl, SECRETS_KEY: 'a setting of thirty-two letters or more' }
  const bot = await throughNpm(script, { ...environment, ...database, LOG_LEVEL: 'info', HOST: '127.0.0.1' }, drop)
  await expect.poll(bot.output, { timeout: 120_000 }).toContain('Quaymaster is running')
  return { quay, slack, bot }
}

async function throughNpm(script: string, environment: Record<string, string>, afterwards: () => Promise<void>) {
  const port = await freePort()
  let text = ''
  // In a group of its own, as a terminal makes one.
  const npm = spawn('npm', script.split(' '), {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...environment, PORT: String(port) },
  })
  for (const stream of [npm.stdout, npm.stderr]) {
    stream.on('data', (piece) => {
      text += piece
    })
  }
  // Not when npm ends, but when nobody who inherited its output is there any more.
  let over = false
  const gone = once(npm, 'close').then(([code]) => {
    over = true
    return code as number | null
  })
  const tell = (signal: NodeJS.Signals, whom: 'npm' | 'all its processes') => {
    const pid = npm.pid ?? Number.NaN
    process.kill(whom === 'npm' ? pid : -pid, signal)
  }
  onTestFinished(async () => {
    if (!over) tell('SIGKILL', 'all its processes')
    await afterwards()
  })
  return { port, gone, isOver: () => over, tell, output: () => text }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

function isOpen(port: number) {
  return new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    }).on('error', () => resolve(false))
  })
}
