import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Fields, fieldsOf, textOf } from '../../../src/sandbox/slack/json.ts'
import { signature } from '../../../src/sandbox/slack/signature.ts'
import vector from '../../recorded/slack/doc-examples/payload.signature_vector.json' with { type: 'json' }
import { connect, never, payloadOf, type RawBot } from './raw-bot.ts'
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
const type = (text = '/quay', user = 'U0ALICE') => running.slack.slash({ user, channel, text })
const said = () => running.slack.workspace.messages.map(({ text }) => text)

test('the signature is the one Slack documents', () => {
  const { signing_secret, timestamp, body, signature: expected } = vector.examples
  expect(signature(signing_secret, timestamp, body)).toBe(expected)
})

test('typed mentions, channels and addresses arrive escaped', async () => {
  const bot = await connected()
  await type('/quay grant @bea in #acme-dev see https://x.example/?a=b & <b> @platform @nobody')
  expect(payloadOf(bot.envelopes().at(-1)).text).toBe(
    'grant <@U0BEA|bea> in <#C0ACMEDEV|acme-dev> see <https://x.example/?a=b> &amp; &lt;b&gt; <!subteam^S0PLATFORM|@platform> @nobody',
  )
})

test('a command nobody acknowledges in time fails before the eyes of the typist alone', async () => {
  const bot = await connected()
  bot.answer = never
  expect(await type()).toMatchObject({ ok: false, error: 'operation_timeout' })
  expect(running.slack.workspace.messages).toMatchObject([
    { user: 'USLACKBOT', only_for: 'U0ALICE', text: '/quay failed with the error "operation_timeout"' },
  ])
})

test('a command without a connection fails at once', async () => {
  expect(await type()).toMatchObject({ ok: false, error: 'dispatch_failed' })
  expect(said()).toEqual(['/quay failed with the error "dispatch_failed"'])
})

test('nobody types a command of another workspace, in a thread, or where they are not', async () => {
  await connected()
  await expect(type('/quay', 'U0FRANK')).rejects.toThrow('another workspace')
  await expect(running.slack.slash({ user: 'U0EVE', channel: 'C0ACMEDEV', text: '/quay' })).rejects.toThrow('eve is not in #acme-dev.')
  await expect(running.slack.slash({ user: 'U0EVE', channel, text: '/quay', thread_ts: '1.2' })).rejects.toThrow('threads')
  await expect(type('/kway')).rejects.toThrow('/kway is not a valid command.')
})

test('each envelope goes to one of several connections, and an eleventh is told to go', async () => {
  for (let count = 0; count < 10; count += 1) await connected()
  for (let count = 0; count < 40; count += 1) await type()
  const heard = bots.map((bot) => bot.envelopes().length)
  expect(heard.reduce((sum, one) => sum + one, 0)).toBe(40)
  expect(heard.filter(Boolean).length).toBeGreaterThan(3)
  const { body } = await call(running, 'apps.connections.open', {}, running.slack.tokens.app)
  const { WebSocket } = await import('ws')
  const late = new WebSocket(textOf(body.url))
  const [data] = await new Promise<unknown[]>((resolve) => late.on('message', (...all) => resolve(all)))
  expect(JSON.parse(String(data))).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' })
  const again = new WebSocket(textOf(body.url))
  expect(await new Promise((resolve) => again.on('unexpected-response', (_request, response) => resolve(response.statusCode)))).toBe(401)
})

test('a ticket that lies about too long opens nothing', async () => {
  const { body } = await call(running, 'apps.connections.open', {}, running.slack.tokens.app)
  running.clock.advance(31_000)
  const { WebSocket } = await import('ws')
  const late = new WebSocket(textOf(body.url))
  expect(await new Promise((resolve) => late.on('unexpected-response', (_request, response) => resolve(response.statusCode)))).toBe(401)
})

test('a connection is warned and then refreshed after an hour', async () => {
  const bot = await connected()
  running.clock.advance(3_600_001)
  running.slack.tick()
  await expect.poll(() => bot.frames.map(({ reason }) => reason).filter(Boolean)).toEqual(['warning', 'refresh_requested'])
  await expect.poll(() => running.slack.connections(), { timeout: 10_000 }).toBe(0)
})

test('an event that is not acknowledged comes three times more, with the same id and the reason', async () => {
  const bot = await connected()
  bot.answer = never
  await running.slack.home('U0ALICE')
  for (let attempt = 1; attempt <= 4; attempt += 1) {
    running.clock.advance(4001)
    running.slack.tick()
    await expect.poll(() => running.slack.traffic.filter(({ kind }) => kind === 'events_api').length).toBe(Math.min(attempt + 1, 4))
  }
  const sent = bot.envelopes().map(({ retry_attempt, retry_reason }) => [retry_attempt, retry_reason])
  expect(sent).toEqual([
    [0, ''],
    [1, 'timeout'],
    [2, 'timeout'],
    [3, 'timeout'],
  ])
  expect(new Set(bot.envelopes().map((one) => payloadOf(one).event_id)).size).toBe(1)
})

test('an interaction that is not acknowledged is not sent again but leaves a badge', async () => {
  const bot = await connected()
  await call(running, 'chat.postMessage', {
    channel,
    text: 'x',
    blocks: [{ type: 'actions', elements: [{ type: 'button', action_id: 'a', text: { type: 'plain_text', text: 'A' } }] }],
  })
  const ts = running.slack.workspace.messages[0]?.ts ?? ''
  bot.answer = never
  expect(await running.slack.press({ user: 'U0FRANK', channel, ts, label: 'A' })).toMatchObject({ ok: false, error: 'operation_timeout' })
  expect(running.slack.workspace.messages[0]?.failed_for).toEqual(['U0FRANK'])
  bot.answer = () => ({})
  expect(await running.slack.press({ user: 'U0FRANK', channel, ts, label: 'A' })).toMatchObject({ ok: true })
  expect(running.slack.workspace.messages[0]?.failed_for).toEqual([])
  const { user, team, message, response_url } = payloadOf(bot.envelopes().at(-1))
  expect(user).toMatchObject({ id: 'U0FRANK', team_id: 'T0OTHER' })
  expect(team).toMatchObject({ id: 'T0QUAY' })
  expect(message).toMatchObject({ ts, bot_id: 'B0QUAYBOT' })
  expect(response_url).toMatch(/\/actions\//)
})

test('events come only where the manifest subscribes and the scope was given', async () => {
  const bot = await connected()
  const events = () => bot.envelopes().map((one) => fieldsOf(payloadOf(one).event) as Fields)
  await running.slack.say({ user: 'U0ALICE', channel, text: '@quaymaster see https://quay.example.com/repository/acme/web' })
  await running.slack.say({ user: 'U0FRANK', channel, text: 'https://quay.example.com/x' })
  expect(events().map(({ type: name }) => name)).toEqual(['app_mention', 'link_shared'])
  expect(events()[1]).toMatchObject({
    links: [{ domain: 'quay.example.com', url: 'https://quay.example.com/repository/acme/web' }],
    source: 'conversations_history',
  })
  expect(payloadOf(bot.envelopes()[0])).toMatchObject({ is_ext_shared_channel: true, authorizations: [{ is_bot: true }] })
  await running.slack.groupChanged('platform', ['U0DORA', 'U0BEA'])
  expect(events().at(-1)).toMatchObject({ type: 'subteam_members_changed', added_users: ['U0BEA'] })
  running.slack.workspace.scopes = ['chat:write']
  expect(await running.slack.userChanged('alice')).toMatchObject({ error: 'not_subscribed' })
})
