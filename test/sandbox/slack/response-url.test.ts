import { beforeEach, expect, test } from 'vitest'
import { textOf } from '../../../src/sandbox/slack/json.ts'
import { actions, button, long, many, section, words } from './pieces.ts'
import { payloadOf, startConnected } from './raw-bot.ts'
import { call } from './start-slack.ts'

const { running, bot } = await startConnected()
beforeEach(() => running.slack.reset())

const channel = 'C0GENERAL'

async function typed() {
  await running.slack.slash({ user: 'U0ALICE', channel, text: '/quay' })
  return textOf(payloadOf(bot.envelopes().at(-1)).response_url)
}

async function pressed(ts: string) {
  await running.slack.press({ user: 'U0ALICE', channel, ts, action_id: 'press' })
  return textOf(payloadOf(bot.envelopes().at(-1)).response_url)
}

async function respond(url: string, given: object | string) {
  const body = typeof given === 'string' ? given : JSON.stringify(given)
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  return { status: response.status, body: await response.text() }
}

const texts = () => running.slack.workspace.messages.map(({ text }) => text)

test('a response URL is good for five answers', async () => {
  const url = await typed()
  for (const text of ['1', '2', '3', '4', '5']) expect(await respond(url, { text })).toEqual({ status: 200, body: 'ok' })
  expect(await respond(url, { text: '6' })).toEqual({ status: 404, body: '{"ok":false,"error":"used_url"}' })
  expect(texts()).toEqual(['1', '2', '3', '4', '5'])
})

test('a response URL is good for half an hour, and a made-up one for nothing', async () => {
  const url = await typed()
  running.clock.advance(30 * 60_000 - 5000)
  expect((await respond(url, { text: 'late' })).status).toBe(200)
  running.clock.advance(6000)
  expect((await respond(url, { text: 'too late' })).body).toBe('{"ok":false,"error":"expired_url"}')
  expect((await respond(`${running.origin}/slack-sim/response/commands/T/1/x`, { text: 'x' })).body).toBe(
    '{"ok":false,"error":"no_service"}',
  )
})

test('an answer is for the typist alone unless it says otherwise, and never replaces the answer before', async () => {
  const url = await typed()
  await respond(url, { text: 'One' })
  await respond(url, { text: 'Two', replace_original: true })
  await respond(url, { text: 'Three', response_type: 'in_channel' })
  expect(running.slack.workspace.messages).toMatchObject([
    { text: 'One', only_for: 'U0ALICE' },
    { text: 'Two', only_for: 'U0ALICE' },
    { text: 'Three' },
  ])
  expect(running.slack.workspace.messages[2]).not.toHaveProperty('only_for')
})

test('the answer to a button replaces or deletes its message, ephemeral ones too, and never changes who sees it', async () => {
  await respond(await typed(), { text: 'One', blocks: [actions(button())] })
  const ephemeral = running.slack.workspace.messages[0]?.ts ?? ''
  await respond(await pressed(ephemeral), { text: 'Two', response_type: 'in_channel', replace_original: true, blocks: [actions(button())] })
  expect(running.slack.workspace.messages).toMatchObject([{ ts: ephemeral, text: 'Two', only_for: 'U0ALICE' }])
  await respond(await pressed(ephemeral), { text: 'Beside it' })
  expect(texts()).toEqual(['Two', 'Beside it'])
  await respond(await pressed(ephemeral), { delete_original: true })
  expect(texts()).toEqual(['Beside it'])
})

test('what was shown to everybody is replaced for everybody, also where the bot is not a member', async () => {
  await running.slack.slash({ user: 'U0ALICE', channel: 'C0RANDOM', text: '/quay' })
  const url = textOf(payloadOf(bot.envelopes().at(-1)).response_url)
  expect((await respond(url, { text: 'All', response_type: 'in_channel' })).status).toBe(200)
  expect(running.slack.workspace.messages).toMatchObject([{ channel: 'C0RANDOM', text: 'All' }])
  expect((await call(running, 'chat.postMessage', { channel: 'C0RANDOM', text: 'x' })).body.error).toBe('not_in_channel')
})

test('wrong blocks are refused here too, but not for their sum', async () => {
  const url = await typed()
  expect(await respond(url, { blocks: [{ type: 'x' }] })).toMatchObject({
    status: 400,
    body: expect.stringContaining('"error":"invalid_blocks"'),
  })
  expect(await respond(url, {})).toMatchObject({ status: 400, body: expect.stringContaining('no_text') })
  expect(await respond(url, 'text=x')).toMatchObject({ status: 400 })
  expect((await respond(url, { blocks: many(6, () => section({ text: words(long(2900)) })) })).status).toBe(200)
})

test('an acknowledgement may be the answer; in_channel shows also what was typed', async () => {
  bot.answer = () => ({ text: 'At once' })
  await running.slack.slash({ user: 'U0ALICE', channel, text: '/quay help' })
  bot.answer = () => ({ response_type: 'in_channel', text: 'For all' })
  await running.slack.slash({ user: 'U0ALICE', channel, text: '/quay help' })
  bot.answer = () => ({ response_type: 'in_channel' })
  await running.slack.slash({ user: 'U0ALICE', channel, text: '/quay list' })
  bot.answer = () => ({ blocks: [{ type: 'x' }] })
  expect(await running.slack.slash({ user: 'U0ALICE', channel, text: '/quay' })).toMatchObject({ ok: false, error: 'invalid_blocks' })
  bot.answer = () => ({})
  expect(texts()).toEqual(['At once', '/quay help', 'For all', '/quay list', '/quay failed with the error "invalid_blocks"'])
})
