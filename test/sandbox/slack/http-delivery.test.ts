import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { signature } from '../../../src/sandbox/slack/signature.ts'
import { type Running, startSlack } from './start-slack.ts'

let running: Running
beforeEach(async () => {
  running = await startSlack()
})
afterEach(() => running.stop())

const channel = 'C0GENERAL'
const type = (text = '/quay') => running.slack.slash({ user: 'U0ALICE', channel, text })

interface Heard {
  headers: Record<string, unknown>
  body: string
}

async function requestUrl(answer: (heard: Heard) => { status: number; body?: string; headers?: Record<string, string> }) {
  const heard: Heard[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    heard.push({ headers: request.headers, body })
    const { status, body: text = '', headers } = answer({ headers: request.headers, body })
    response.writeHead(status, headers).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`
  const stop = () => {
    server.closeAllConnections()
    server.close()
  }
  return { heard, url, stop }
}

test('over HTTP everything is signed; forms have exactly their content type, events come as JSON', async () => {
  const receiver = await requestUrl(() => ({ status: 200 }))
  running.slack.transport({ mode: 'http', url: receiver.url })
  expect(await type('/quay help')).toMatchObject({ ok: true })
  await running.slack.home('U0ALICE')
  const [command, event] = receiver.heard
  expect(command?.headers['content-type']).toBe('application/x-www-form-urlencoded')
  expect(Object.fromEntries(new URLSearchParams(command?.body))).toMatchObject({
    command: '/quay',
    text: 'help',
    is_enterprise_install: 'false',
  })
  expect(event?.headers['content-type']).toBe('application/json')
  for (const { headers, body } of receiver.heard) {
    const timestamp = String(headers['x-slack-request-timestamp'])
    expect(headers['x-slack-signature']).toBe(signature(running.slack.tokens.signingSecret, timestamp, body))
  }
  receiver.stop()
})

test('over HTTP an event comes again at once, after a minute and after five, unless the answer forbids it', async () => {
  const receiver = await requestUrl(() => ({ status: 500 }))
  running.slack.transport({ mode: 'http', url: receiver.url })
  await running.slack.home('U0ALICE')
  const count = (wanted: number) => expect.poll(() => receiver.heard.length).toBe(wanted)
  await count(2)
  for (const [wanted, ms] of [
    [3, 60_001],
    [4, 300_001],
  ] as const) {
    await expect.poll(() => running.slack.traffic.length).toBe(wanted - 1)
    running.clock.advance(ms)
    running.slack.tick()
    await count(wanted)
  }
  expect(receiver.heard.map(({ headers }) => [headers['x-slack-retry-num'], headers['x-slack-retry-reason']])).toEqual([
    [undefined, undefined],
    ['1', 'http_error'],
    ['2', 'http_error'],
    ['3', 'http_error'],
  ])
  expect(await type()).toMatchObject({ ok: false, error: 'http_service_error' })
  receiver.stop()
  expect(await type()).toMatchObject({ ok: false, error: 'dispatch_failed' })
})

test('a Request URL that says so is not tried again', async () => {
  const receiver = await requestUrl(() => ({ status: 500, headers: { 'x-slack-no-retry': '1' } }))
  running.slack.transport({ mode: 'http', url: receiver.url })
  await running.slack.home('U0ALICE')
  running.clock.advance(600_000)
  running.slack.tick()
  expect(receiver.heard).toHaveLength(1)
  receiver.stop()
})
