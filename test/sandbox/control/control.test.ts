import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { fieldsOf, listOf, textOf } from '../../../src/sandbox/slack/json.ts'
import { type RunningBot, startSocketBot } from '../slack/bolt-bot.ts'
import { type Running, startSlack } from '../slack/start-slack.ts'

let running: Running
let bot: RunningBot
beforeAll(async () => {
  running = await startSlack()
  bot = await startSocketBot(running)
})
afterAll(async () => {
  await bot.stop()
  await running.stop()
})
beforeEach(() => post('reset'))

async function get(path: string) {
  const response = await fetch(`${running.origin}/_control/${path}`)
  return { status: response.status, body: fieldsOf(await response.json()) }
}

async function post(path: string, given: object = {}) {
  const response = await fetch(`${running.origin}/_control/${path}`, { method: 'POST', body: JSON.stringify(given) })
  return { status: response.status, body: fieldsOf(await response.json()) }
}

async function messages(user: string, channel = 'acme-dev') {
  return listOf((await get(`messages?user=${user}&channel=${channel}`)).body.messages)
}

async function top(user = 'alice') {
  return listOf((await get(`views?user=${user}`)).body.views)[0] ?? {}
}

const at = { user: 'alice', channel: 'acme-dev' }

async function typed(text: string) {
  await post('slash', { ...at, text })
  await expect.poll(async () => (await messages('alice')).length).toBe(1)
  return textOf((await messages('alice'))[0]?.ts)
}

async function opened() {
  await post('slash', { ...at, text: '/quay form' })
  await expect.poll(async () => (await top()).id).toEqual(expect.any(String))
  return { user: 'alice', view_id: textOf((await top()).id) }
}

test('who has seen a state is answered once it is another one: of messages, and of modals', async () => {
  const seen = (await get('messages?user=alice&channel=acme-dev')).body
  const next = get(`messages?user=alice&channel=acme-dev&unlike=${seen.state}`)
  const ts = await typed('/quay repo list')
  expect((await next).body).toMatchObject({ state: expect.not.stringMatching(textOf(seen.state)), messages: [{ ts }] })

  const none = (await get('views?user=alice')).body
  const modal = get(`views?user=alice&unlike=${none.state}`)
  const { view_id } = await opened()
  expect((await modal).body.views).toMatchObject([{ id: view_id }])
})

test('while nothing changes, who has seen the state reads it again after a moment', async () => {
  const { body } = await get('messages?user=alice&channel=acme-dev')
  expect((await get(`messages?user=alice&channel=acme-dev&unlike=${body.state}`)).body).toEqual(body)
})

test('a command is answered with how it was acknowledged, and seen by its typist alone', async () => {
  expect((await post('slash', { ...at, text: '/quay repo list' })).body).toEqual({ ok: true, ack_ms: expect.any(Number), ack: null })
  await expect
    .poll(() => messages('alice'))
    .toMatchObject([
      {
        ts: expect.any(String),
        thread_ts: null,
        user: 'quaymaster',
        text: 'You typed repo list',
        blocks: [{ type: 'section' }, { type: 'actions' }],
        ephemeral: true,
        edited: false,
      },
    ])
  expect(await messages('bea')).toEqual([])
})

test('a press by label, by action or by value is acknowledged and edits in place', async () => {
  const ts = await typed('/quay x')
  for (const [wanted, text] of [
    [{ label: 'Older' }, 'Page older'],
    [{ action_id: 'turn-newer' }, 'Page newer'],
    [{ value: 'older' }, 'Page older'],
  ] as const) {
    expect((await post('press', { ...at, ts, ...wanted })).body).toMatchObject({ ok: true, ack: null })
    await expect.poll(() => messages('alice')).toMatchObject([{ ts, text, edited: true }])
  }
})

test('a modal shows its fields, takes values by field, and shows the errors of the last submission', async () => {
  const modal = await opened()
  expect(await top()).toMatchObject({
    title: 'Form',
    submit: 'Create',
    fields: { name: null, owner: null },
    errors: {},
    blocks: expect.any(Array),
  })
  expect((await post('submit', { ...modal, values: { name: 'taken', owner: 'acme' } })).body).toMatchObject({
    ok: false,
    error: 'errors',
    errors: { name: 'Taken.' },
  })
  expect(await top()).toMatchObject({ fields: { name: 'taken', owner: 'acme' }, errors: { name: 'Taken.' } })
  expect((await post('submit', { ...modal, values: { name: 'web' } })).body).toMatchObject({ ok: true, errors: {} })
  expect(await top()).toMatchObject({ title: 'Done', fields: {} })
  await expect.poll(() => messages('alice', 'alice')).toMatchObject([{ text: 'Created acme/web', ephemeral: false }])
})

test('an empty required field is refused by the client itself', async () => {
  const modal = await opened()
  expect((await post('submit', { ...modal, values: {} })).body).toMatchObject({
    ok: false,
    errors: { name: 'Please complete this required field.' },
  })
})

test('options are what the bot suggests', async () => {
  const modal = await opened()
  expect((await post('options', { ...modal, field: 'owner', query: 'acme' })).body).toEqual({
    ok: true,
    options: [{ text: 'Organization acme', value: 'acme' }],
  })
  expect((await post('options', { ...modal, field: 'name', query: 'x' })).body.error).toBe('name does not ask the bot for suggestions.')
})

test('views lie on top of each other, the newest first, and are closed one by one', async () => {
  const modal = await opened()
  expect((await post('action', { ...modal, action_id: 'push' })).body.ok).toBe(true)
  await expect.poll(async () => listOf((await get('views?user=alice')).body.views).map(({ title }) => title)).toEqual(['On top', 'Form'])
  expect((await post('submit', { ...modal, values: { name: 'x' } })).body).toMatchObject({
    ok: false,
    error: expect.stringContaining('on top'),
  })
  await post('close', { user: 'alice', view_id: (await top()).id })
  expect(await top()).toMatchObject({ title: 'Form' })
})

test('App Home is opened and read', async () => {
  expect((await get('home?user=bea')).body).toEqual({ view: null })
  expect((await post('home', { user: 'bea' })).body.ok).toBe(true)
  await expect.poll(async () => (await get('home?user=bea')).body.view).toMatchObject({ type: 'home', blocks: [{ type: 'header' }] })
})

const unknown: [what: string, method: 'get' | 'post', path: string, given: object, sentence: string][] = [
  [
    'a person',
    'post',
    'slash',
    { user: 'zoe', channel: 'general', text: '/quay' },
    'There is nobody called zoe; there are alice, bea, carl, dora, eve, frank, grace.',
  ],
  ['nobody at all', 'post', 'home', {}, 'Say who it is: user is one of alice, bea, carl, dora, eve, frank, grace.'],
  [
    'a channel',
    'post',
    'slash',
    { user: 'alice', channel: 'sales', text: '/quay' },
    'There is no channel called sales; there are general, acme-dev, quay-approvals, random.',
  ],
  ['a channel they are not in', 'get', 'messages?user=eve&channel=acme-dev', {}, 'eve is not in #acme-dev.'],
  ['a direct message of somebody else', 'get', 'messages?user=bea&channel=alice', {}, 'bea does not see the direct messages of others.'],
  ['a message', 'post', 'press', { ...at, ts: '1.2', label: 'x' }, 'alice sees no message 1.2 there.'],
  ['a view', 'post', 'submit', { user: 'alice', view_id: 'V1', values: {} }, 'alice has no view V1 open.'],
  ['a shortcut', 'post', 'shortcut', { user: 'alice', callback_id: 'x' }, 'The manifest has no shortcut x.'],
]

test.each(unknown)('%s that is not there is a 404 with a sentence', async (_what, method, path, given, sentence) => {
  const { status, body } = method === 'get' ? await get(path) : await post(path, given)
  expect({ status, body }).toEqual({ status: 404, body: { ok: false, error: sentence } })
})

test('a button or a choice that is not there is a 404 that names what is', async () => {
  const ts = await typed('/quay x')
  expect(await post('press', { ...at, ts, label: 'Oldest' })).toEqual({
    status: 404,
    body: { ok: false, error: 'There is nothing called Oldest to press; there is: Older, Newer.' },
  })
  const modal = await opened()
  expect((await post('submit', { ...modal, values: { colour: 'red' } })).status).toBe(404)
})

test('what Slack does not let a person do is said, and the bot is not troubled', async () => {
  expect((await post('slash', { user: 'frank', channel: 'general', text: '/quay' })).body).toMatchObject({
    ok: false,
    ack_ms: 0,
    ack: null,
  })
  for (const text of ['/kway', '/', '/ repo list']) {
    const error = `${text.split(' ')[0]} is not a valid command.`
    expect((await post('slash', { ...at, text })).body).toMatchObject({ ok: false, error })
  }
  expect((await post('say', { ...at, text: 'ä'.repeat(12_001) })).body).toMatchObject({
    ok: false,
    error: 'Your message has 12,001 characters; Slack sends 12,000 at most. Shorten it, or send it in parts.',
  })
  expect(listOf((await get('log')).body.slack)).toEqual([])
  expect((await post('say', { ...at, text: '😀'.repeat(12_000) })).body.ok).toBe(true)
})

test('a command without a slash is the one of the bot', async () => {
  expect((await post('slash', { ...at, text: 'repo list' })).body.ok).toBe(true)
  await expect.poll(() => messages('alice')).toMatchObject([{ text: 'You typed repo list' }])
})

test('an unknown route names the known ones, and a body that is no object is a 400', async () => {
  expect((await get('nothing')).body.error).toContain('GET messages')
  const response = await fetch(`${running.origin}/_control/slash`, { method: 'POST', body: '[1]' })
  expect(response.status).toBe(400)
})

test('the clock, the faults and the registry are within reach, and all of it goes back to the start', async () => {
  const before = (await get('workspace')).body.now
  const { body } = await post('clock', { advance_ms: 60_000 })
  expect(Number(body.now)).toBeGreaterThanOrEqual(Number(before) + 60_000)
  expect((await post('clock', { advance_ms: 'soon' })).body.ok).toBe(false)
  await post('quay/faults', { status: 503 })
  await post('quay/faults', {})
  expect(running.registry.faults).toEqual([{ status: 503 }, undefined])
  expect((await get('quay')).body).toEqual({ repositories: [] })
  await post('slack/faults', { dropAck: true })
  await post('reset')
  expect((await post('slash', { ...at, text: '/quay x' })).body.ok).toBe(true)
})

test('a person is deactivated, and can do nothing any more', async () => {
  expect((await post('user', { user: 'carl', deleted: true })).body.ok).toBe(true)
  expect((await post('slash', { user: 'carl', channel: 'general', text: '/quay' })).body).toMatchObject({
    ok: false,
    error: 'carl is deactivated and can do nothing in Slack.',
  })
})

test('files show who may see them, with their text', async () => {
  running.slack.workspace.files.push({
    id: 'F1',
    name: 'a.txt',
    title: 'A',
    user: 'U0QUAYBOT',
    size: 2,
    created: 1,
    content: Buffer.from('ab'),
    channels: ['C0ACMEDEV'],
    completed: true,
  })
  expect((await get('files?user=alice')).body).toEqual({
    files: [
      {
        id: 'F1',
        name: 'a.txt',
        title: 'A',
        size: 2,
        created: 1,
        channels: ['acme-dev'],
        url: '/slack-sim/files/download/F1',
        content: 'ab',
      },
    ],
  })
  expect((await get('files?user=eve')).body).toEqual({ files: [] })
  expect(await (await fetch(`${running.origin}/slack-sim/files/download/F1`)).text()).toBe('ab')
})

test('what nobody declared is nobody’s to call, and says so', async () => {
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'nothing']) {
    expect(await get(name)).toMatchObject({ status: 404, body: { ok: false } })
    expect(await post(name)).toMatchObject({ status: 404, body: { ok: false } })
  }
  const put = await fetch(`${running.origin}/_control/reset`, { method: 'PUT' })
  expect(put.status).toBe(405)
  expect((await post('slash', { ...at, text: 'x'.repeat(21_000_000) })).status).toBe(413)
})

test('faults and times that cannot be are refused in words, and leave everything as it was', async () => {
  const refused: [path: string, given: object, about: string][] = [
    ['quay/faults', { status: 'abc' }, 'status'],
    ['quay/faults', { status: 99 }, 'status'],
    ['quay/faults', { latencyMs: 'x' }, 'latencyMs'],
    ['quay/faults', { nonsense: 1 }, 'nonsense'],
    ['slack/faults', { status: 1_000 }, 'status'],
    ['slack/faults', { rateLimit: { retryAfter: 'soon' } }, 'retryAfter'],
    ['clock', { advance_ms: 9e15 }, 'advance_ms'],
    ['clock', { advance_ms: -1 }, 'advance_ms'],
    ['clock', { advance_ms: 'NaN' }, 'advance_ms'],
  ]
  for (const [path, given, about] of refused)
    expect((await post(path, given)).body).toMatchObject({ ok: false, error: expect.stringContaining(about) })
  expect((await post('slack/faults', { rateLimit: { method: 'chat.update', retryAfter: 3 } })).body).toMatchObject({ ok: true })
})
