import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { sampled, sized } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { form, interactive, json, postAsSlack, pressed, seeded, slash } from './signed.ts'

const started = await startBot({ transport: 'http', until: afterAll })
const { origin, slack, log, alice, quay } = started
const secret = slack.tokens.signingSecret
const send = (body: string, type: string) => postAsSlack(origin, body, type, { secret })
const spoken = () => slack.traffic.filter(({ direction }) => direction === 'from bot').length

/** What was pressed and typed before is answered. */
async function quiet() {
  let seen = -1
  const isSaid = () => {
    const was = seen
    seen = spoken()
    return seen === was
  }
  await expect.poll(isSaid, { interval: 200 }).toBe(true)
}

const button = (more: object) => interactive({ ...pressed, type: 'block_actions', ...more })
const view = {
  id: 'V1',
  type: 'modal',
  callback_id: 'operation',
  private_metadata: '{}',
  blocks: [],
  state: { values: {} },
  title: {},
  app_installed_team_id: 'T0QUAY',
}
const submitted = (more: object) => interactive({ ...pressed, type: 'view_submission', view: { ...view, ...more } })

const odd: [what: string, body: string, type: string, status: number][] = [
  ['null', 'null', json, 400],
  ['a list', '[]', json, 400],
  ['a number', '7', json, 400],
  ['a text', '"x"', json, 400],
  ['no JSON', '{', json, 400],
  ['nothing', '', json, 400],
  ['a payload of null', interactive(null), form, 400],
  ['a payload of a list', interactive([]), form, 400],
  ['a payload of a number', interactive(7), form, 400],
  ['a payload that is no JSON', 'payload=%7B', form, 400],
  ['an empty form', '', form, 200],
  ['an empty object', '{}', json, 200],
  ['an event of null', JSON.stringify({ type: 'event_callback', team_id: 'T0QUAY', api_app_id: 'A0QUAY', event: null }), json, 200],
  [
    'an unknown event',
    JSON.stringify({ type: 'event_callback', team_id: 'T0QUAY', api_app_id: 'A0QUAY', event: { type: 'constructor' } }),
    json,
    200,
  ],
  [
    'an event without its user',
    JSON.stringify({ type: 'event_callback', team_id: 'T0QUAY', api_app_id: 'A0QUAY', event: { type: 'user_change' } }),
    json,
    200,
  ],
  ['an unknown type', interactive({ ...pressed, type: '__proto__' }), form, 200],
  ['an unknown shortcut', interactive({ ...pressed, type: 'shortcut', callback_id: 'constructor' }), form, 200],
  ['an unknown modal', submitted({ callback_id: 'constructor' }), form, 200],
  ['a closed modal nobody asked about', interactive({ ...pressed, type: 'view_closed', view: { ...view, callback_id: 'x' } }), form, 200],
  ['no actions', button({}), form, 200],
  ['actions of null', button({ actions: null }), form, 200],
  ['an empty list of actions', button({ actions: [] }), form, 200],
  ['an action without an id', button({ actions: [{ type: 'button', value: 'x' }] }), form, 200],
  ...['constructor', '__proto__', 'toString', 'hasOwnProperty', 'nothing:here'].map(
    (id) =>
      [`the action ${id}`, button({ actions: [{ type: 'button', action_id: id, block_id: 'b', value: 'x' }] }), form, 200] as [
        string,
        string,
        string,
        number,
      ],
  ),
  [
    'a suggestion for nothing',
    interactive({
      ...pressed,
      type: 'block_suggestion',
      action_id: 'x',
      block_id: 'constructor',
      value: null,
      view: { ...view, private_metadata: 'x' },
    }),
    form,
    200,
  ],
]

test.each(sampled(odd, 6))('signed, and %s: answered at once, and nothing comes of it', async (_what, body, type, status) => {
  await alice.types('/quay whoami')
  const before = spoken()
  expect((await send(body, type)).status).toBe(status)
  expect(spoken()).toBe(before)
  expect((await alice.types('/quay whoami')).text).toContain('alice')
})

const altered: [what: string, more: object][] = [
  ['no metadata', { private_metadata: '' }],
  ['metadata that is no JSON', { private_metadata: '{"operation":' }],
  ['metadata of null', { private_metadata: 'null' }],
  ['the operation constructor', { private_metadata: '{"operation":"constructor"}' }],
  ['the operation __proto__', { private_metadata: '{"operation":"__proto__","given":{"__proto__":{"x":1}}}' }],
  ['no metadata of a request', { callback_id: 'request' }],
  ['other metadata of a denial', { callback_id: 'denial', private_metadata: '{"id":7}' }],
]

test.each(altered)('a modal with %s says in its own window that it is out of date', async (_what, more) => {
  const { status, text } = await send(submitted(more), form)
  expect(status).toBe(200)
  expect(text).toContain('This dialog is out of date')
})

test('a modal whose values are of other kinds is answered', async () => {
  for (const values of [null, [], { repository: null }, { repository: { repository: { type: 'plain_text_input', value: 7 } } }]) {
    const { status } = await send(submitted({ private_metadata: '{"operation":"repo create"}', state: { values } }), form)
    expect(status).toBe(200)
  }
})

const unstorable: [what: string, command: string][] = [
  ['NUL in a name', 'repo show acme/a\u0000b'],
  ['NUL in a reason', 'repo create labs/nul visibility=private reason="a\u0000b"'],
  ['half a character', 'repo show acme/\ud800'],
  ['half a character in a description', 'repo create acme/half visibility=private description="x\udfffy"'],
  ['NUL alone', '\u0000'],
  ['a command that is none', 'constructor'],
  ['another that is none', '__proto__ toString'],
  ['a field that is none', 'repo show __proto__=x'],
  ['another', 'repo show acme/api constructor=x'],
]

test.each(sampled(unstorable, 3))('%s in a command is told about, and is no bug', async (_what, text) => {
  const known = (await alice.sees('acme-dev')).length
  const said = await send(slash(text, { user_id: 'U0ALICE', response_url: `${origin}/none` }), form)
  expect(said.status).toBe(200)
  await expect
    .poll(async () => (await alice.sees('acme-dev')).length + (await alice.sees('alice')).length, { timeout: 20_000 })
    .toBeGreaterThan(known)
  expect(JSON.stringify([await alice.sees('acme-dev'), await alice.sees('alice')])).not.toContain('Something went wrong')
})

test('NUL and half a character in the value of a button are no bug', async () => {
  const actions = ['reply:run', 'page:turn', 'request:approve', 'credential:reveal', 'build:retry', 'home:request', 'preview:confirm']
  for (const [index, action] of actions.entries())
    for (const value of sampled(['a\u0000b', '\ud800', '__proto__', '', 'null', '{"id":7}'], 3, index))
      expect((await send(button({ actions: [{ type: 'button', action_id: action, block_id: 'b', value }] }), form)).status).toBe(200)
  await alice.types('/quay whoami')
  expect(
    log()
      .split('\n')
      .filter((line) => line.includes('"a bug"')),
  ).toEqual([])
  expect(log()).not.toMatch(/"a bug"|unhandled promise rejection/)
})

test('what says that it is of another app or workspace is acknowledged and not read', async () => {
  await quiet()
  const before = [spoken(), quay.exchanges.length]
  for (const more of [{ api_app_id: 'A0OTHER' }, { team_id: 'T0OTHER' }, { api_app_id: 'A0OTHER', team_id: 'T0OTHER' }])
    expect((await send(slash('whoami', more as Record<string, string>), form)).status).toBe(200)
  expect([spoken(), quay.exchanges.length]).toEqual(before)
})

test('a body that is too long is refused before it has come', async () => {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1')
  socket.write(`POST /slack/events HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 50000000\r\n\r\nx`)
  const [answer] = await once(socket, 'data')
  expect(String(answer)).toMatch(/^HTTP\/1.1 413/)
  socket.destroy()
  const unannounced = connect(Number(new URL(origin).port), '127.0.0.1')
  unannounced.on('error', () => undefined)
  unannounced.write('POST /slack/events HTTP/1.1\r\nhost: 127.0.0.1\r\ntransfer-encoding: chunked\r\n\r\n')
  for (let piece = 0; piece < 20; piece += 1) unannounced.write(`10000\r\n${'x'.repeat(65_536)}\r\n`)
  const [later] = await once(unannounced, 'data')
  expect(String(later)).toMatch(/^HTTP\/1.1 413/)
  unannounced.destroy()
})

const forgeries = sized(60, 100, 10_000)

test(`${forgeries} forged envelopes: none accepted, none ends the process`, async () => {
  await quiet()
  const before = spoken()
  const statuses = new Map<string, number>()
  for (let from = 0; from < forgeries; from += 20)
    await Promise.all(
      Array.from({ length: Math.min(20, forgeries - from) }, async (_, index) => {
        const status = await forge(from + index)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      }),
    )
  expect([...statuses.keys()].filter((status) => !/^(?:401|400|foreign 200)$/.test(status))).toEqual([])
  expect(spoken(), JSON.stringify([...statuses])).toBe(before)
  expect((await alice.types('/quay whoami')).text).toContain('alice')
}, 300_000)

/** Each is right but for one thing. Foreign ones are signed: they are acknowledged, and nothing comes of them. */
async function forge(number: number) {
  const random = seeded(number)
  const now = Date.now() / 1000
  const bodies: [string, string][] = [
    [slash('repo delete acme/api'), form],
    [button({ actions: [{ type: 'button', action_id: 'request:approve', block_id: 'b', value: 'x' }] }), form],
    [
      JSON.stringify({
        type: 'event_callback',
        team_id: 'T0QUAY',
        api_app_id: 'A0QUAY',
        event: { type: 'app_home_opened', user: 'U0BEA', tab: 'home' },
      }),
      json,
    ],
  ]
  const [body, type] = bodies[Math.floor(random() * bodies.length)] ?? ['', form]
  const bytes = Array.from({ length: 64 }, () => Math.floor(random() * 16).toString(16)).join('')
  const ways = [
    () => postAsSlack(origin, body, type, { secret, signature: null }),
    () => postAsSlack(origin, body, type, { secret, signature: `v0=${bytes}` }),
    () => postAsSlack(origin, body, type, { secret, signature: `v1=${bytes}` }),
    () => postAsSlack(origin, body, type, { secret, signature: '' }),
    () => postAsSlack(origin, body, type, { secret: 'another secret' }),
    () => postAsSlack(origin, body, type, { secret, at: now - 301 - random() * 1e7 }),
    () => postAsSlack(origin, body, type, { secret, at: now + 305 + random() * 1e7 }),
    () => postAsSlack(origin, body, type, { secret, timestamp: null }),
    () =>
      postAsSlack(origin, body, type, { secret, timestamp: ['', 'x', 'NaN', 'Infinity', '1e99', '-1'][Math.floor(random() * 6)] ?? '' }),
    () => postAsSlack(origin, `${body}${random() < 0.5 ? ' ' : '&x=1'}`, type, { secret, signature: `v0=${bytes}` }),
  ]
  const foreign = [
    () => postAsSlack(origin, body.replaceAll('A0QUAY', 'A0OTHER'), type, { secret }),
    () => postAsSlack(origin, body.replaceAll('T0QUAY', 'T0OTHER'), type, { secret }),
  ]
  if (random() < 0.2) return `foreign ${(await foreign[number % 2]?.())?.status}`
  return String((await ways[Math.floor(random() * ways.length)]?.())?.status)
}
