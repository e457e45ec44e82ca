import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { connect, payloadOf, type RawBot } from './raw-bot.ts'
import { call, type Running, startSlack } from './start-slack.ts'

let running: Running
let bots: RawBot[]
beforeEach(async () => {
  running = await startSlack()
  running.slack.workspace.ackDeadline = 300
  bots = []
})
afterEach(async () => {
  for (const bot of bots) bot.close()
  await running.stop()
})

async function connected() {
  const bot = await connect(running)
  bots.push(bot)
  return bot
}

const channel = 'C0GENERAL'
const type = () => running.slack.slash({ user: 'U0ALICE', channel, text: '/quay' })
const said = () => running.slack.workspace.messages.map(({ text }) => text)

test('faults: acknowledgements go unheard, envelopes come twice, sockets are told to go, calls fail or lose their answers', async () => {
  const bot = await connected()
  running.slack.faults({ dropAck: true })
  expect(await type()).toMatchObject({ error: 'operation_timeout' })
  running.slack.faults({ duplicate: true })
  expect(await type()).toMatchObject({ ok: true })
  expect(bot.envelopes()).toHaveLength(3)
  expect(payloadOf(bot.envelopes()[1]).trigger_id).toBe(payloadOf(bot.envelopes()[2]).trigger_id)
  running.slack.faults({ status: 503 })
  expect((await call(running, 'auth.test')).status).toBe(503)
  running.slack.faults({ cutAnswer: { method: 'chat.postMessage', times: 1 } })
  await expect(call(running, 'chat.postMessage', { channel, text: 'lost' })).rejects.toThrow()
  expect(said()).toContain('lost')
  expect((await call(running, 'chat.postMessage', { channel, text: 'heard' })).body.ok).toBe(true)
  running.slack.faults({ disconnect: 'refresh_requested' })
  await expect.poll(() => bot.frames.at(-1)).toMatchObject({ type: 'disconnect', reason: 'refresh_requested' })
})

test('429 for one method or one channel, for so many times, with Retry-After; other calls go on', async () => {
  running.slack.faults({ rateLimit: { method: 'chat.postMessage', channel, retryAfter: 7, times: 1 } })
  const first = await call(running, 'chat.postMessage', { channel, text: 'x' })
  expect([first.status, first.headers.get('retry-after'), first.body]).toEqual([429, '7', { ok: false, error: 'ratelimited' }])
  expect((await call(running, 'auth.test')).status).toBe(200)
  expect((await call(running, 'chat.postMessage', { channel, text: 'x' })).status).toBe(200)
})

test('a sandbox that begins with the limits has them after a reset too, and the others never', async () => {
  const strict = await startSlack({ rateLimits: true })
  onTestFinished(() => strict.stop())
  const posts = async (to: Running) => {
    const status = async () => (await call(to, 'chat.postMessage', { channel, text: 'x' })).status
    return [await status(), await status()]
  }
  expect(await posts(strict)).toEqual([200, 429])
  strict.slack.reset()
  expect(await posts(strict)).toEqual([200, 429])
  running.slack.workspace.rateLimits = true
  running.slack.reset()
  expect(await posts(running)).toEqual([200, 200])
})

test('switched on, the limits are one message a second and channel, and the tier of each method', async () => {
  running.slack.workspace.rateLimits = true
  const post = async (where: string) => (await call(running, 'chat.postMessage', { channel: where, text: 'x' })).status
  expect([await post(channel), await post(channel), await post('C0ACMEDEV')]).toEqual([200, 429, 200])
  running.clock.advance(1001)
  expect(await post(channel)).toBe(200)
  const statuses = []
  for (let count = 0; count < 21; count += 1) statuses.push((await call(running, 'usergroups.list')).status)
  expect(statuses.filter((status) => status === 429)).toHaveLength(1)
})
