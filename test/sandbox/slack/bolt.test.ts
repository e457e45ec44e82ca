import { createServer } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type RunningBot, startHttpBot, startSocketBot } from './bolt-bot.ts'
import { type Running, startSlack } from './start-slack.ts'

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

const transports: [name: string, start: (running: Running) => Promise<RunningBot>][] = [
  ['Socket Mode', startSocketBot],
  ['signed HTTP', async (running) => startHttpBot(running, await freePort())],
]

describe.each(transports)('a real Bolt app over %s', (name, start) => {
  let running: Running
  let bot: RunningBot
  beforeAll(async () => {
    running = await startSlack()
    bot = await start(running)
  })
  afterAll(async () => {
    await bot.stop()
    await running.stop()
  })
  beforeEach(() => running.slack.reset())

  const from = { user: 'U0ALICE', channel: 'C0ACMEDEV' }
  const texts = () => running.slack.workspace.messages.map(({ text }) => text)
  const top = () => running.slack.workspace.views.at(-1)

  async function opened() {
    await running.slack.slash({ ...from, text: '/quay form' })
    await expect.poll(() => running.slack.workspace.views.length).toBe(1)
    return { user: 'U0ALICE', view_id: top()?.id ?? '' }
  }

  test('answers a command and turns a page in place', async () => {
    expect(await running.slack.slash({ ...from, text: '/quay repo list' })).toMatchObject({ ok: true, ack: undefined })
    await expect.poll(texts).toEqual(['You typed repo list'])
    const ts = running.slack.workspace.messages[0]?.ts ?? ''
    expect(await running.slack.press({ ...from, ts, label: 'Older' })).toMatchObject({ ok: true })
    await expect.poll(texts).toEqual(['Page older'])
    await running.slack.press({ ...from, ts, value: 'newer' })
    await expect.poll(texts).toEqual(['Page newer'])
  })

  test('opens a modal, refuses it, takes it, and replaces it', async () => {
    const modal = await opened()
    expect(await running.slack.submit({ ...modal, values: { name: 'taken' } })).toMatchObject({ ok: false, errors: { 'name:1': 'Taken.' } })
    expect(await running.slack.submit({ ...modal, values: { name: 'wrong' } })).toMatchObject({ error: 'invalid_response_action' })
    expect(await running.slack.submit({ ...modal, values: { name: 'web', owner: 'Organization acme' } })).toMatchObject({
      ok: true,
      errors: {},
    })
    expect(top()?.title?.text).toBe('Done')
    await expect.poll(texts).toEqual(['Created acme/web'])
    expect(running.slack.workspace.messages[0]?.channel).toBe('D0ALICE')
  })

  test('suggests, and nobody chooses what it does not suggest', async () => {
    const modal = await opened()
    expect(await running.slack.options({ ...modal, field: 'owner', query: 'glo' })).toEqual([
      { text: { type: 'plain_text', text: 'Organization globex' }, value: 'globex' },
    ])
    await expect(running.slack.fill({ ...modal, values: { owner: 'initech' } })).rejects.toThrow('suggests no initech')
  })

  test('pushes a view on top of a view, three at most', async () => {
    await opened()
    for (const count of [2, 3]) {
      await running.slack.action({ user: 'U0ALICE', view_id: top()?.id ?? '', label: 'More' })
      await expect.poll(() => running.slack.workspace.views.length).toBe(count)
    }
    await running.slack.action({ user: 'U0ALICE', view_id: top()?.id ?? '', label: 'More' })
    await expect.poll(() => running.slack.traffic.at(-1)).toMatchObject({ name: 'views.push', error: 'push_limit_reached' })
  })

  test('fills App Home', async () => {
    await running.slack.home('U0ALICE')
    await expect.poll(() => running.slack.workspace.homes[0]?.blocks[0]?.type).toBe('header')
  })

  if (name === 'Socket Mode')
    test('comes back after its socket was refreshed', async () => {
      running.slack.faults({ disconnect: 'refresh_requested' })
      // The client waits five seconds before it connects again (socket-mode 3.1.0).
      await expect
        .poll(() => running.slack.traffic.some(({ name: method }) => method === 'apps.connections.open'), { timeout: 15_000 })
        .toBe(true)
      running.slack.faults(undefined)
      await expect.poll(async () => (await running.slack.slash({ ...from, text: '/quay again' })).ok).toBe(true)
    })

  if (name === 'signed HTTP')
    test('proves that its address is its own, and refuses a wrong signature', async () => {
      expect(await running.slack.verifies(bot.url)).toEqual({ challenge: true, ssl_check: 200 })
      running.slack.tokens.signingSecret = 'another'
      expect(await running.slack.slash({ ...from, text: '/quay' })).toMatchObject({ ok: false, error: 'http_service_error' })
    })
})
