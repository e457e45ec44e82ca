import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { botUser } from '../../../src/sandbox/slack/people.ts'
import { long, many, plain, section, words } from './pieces.ts'
import { call, manifest, type Running, startSlack } from './start-slack.ts'

let running: Running
beforeAll(async () => {
  running = await startSlack()
})
afterAll(() => running.stop())
beforeEach(() => running.slack.reset())

const channel = 'C0GENERAL'
const text = 'Hello'

const refusals: [what: string, method: string, given: Record<string, unknown>, error: string][] = [
  ['an unknown method', 'chat.shout', {}, 'unknown_method'],
  ['the retired upload', 'files.upload', {}, 'method_deprecated'],
  ['a message without a channel', 'chat.postMessage', { text }, 'invalid_arguments'],
  ['a message to nowhere', 'chat.postMessage', { channel: 'C0NOWHERE', text }, 'channel_not_found'],
  ['a message to nobody', 'chat.postMessage', { channel: 'U0NOBODY', text }, 'channel_not_found'],
  ['a message to the bot itself', 'chat.postMessage', { channel: botUser, text }, 'channel_not_found'],
  ['a message to Slackbot', 'chat.postMessage', { channel: 'USLACKBOT', text }, 'channel_not_found'],
  ['a message where the bot is not', 'chat.postMessage', { channel: 'C0RANDOM', text }, 'not_in_channel'],
  ['a message that says nothing', 'chat.postMessage', { channel }, 'no_text'],
  ['a message of spaces', 'chat.postMessage', { channel, text: '   ' }, 'no_text'],
  ['a message with an empty list of blocks', 'chat.postMessage', { channel, blocks: [] }, 'no_text'],
  ['blocks that are no JSON', 'chat.postMessage', { channel, blocks: 'section' }, 'invalid_blocks_format'],
  [
    'blocks that were encoded twice',
    'chat.postMessage',
    { channel, blocks: JSON.stringify(JSON.stringify([section()])) },
    'invalid_blocks_format',
  ],
  ['one block without its list', 'chat.postMessage', { channel, blocks: section() }, 'invalid_blocks_format'],
  ['wrong blocks', 'chat.postMessage', { channel, blocks: [{ type: 'x' }] }, 'invalid_blocks'],
  [
    'two tables',
    'chat.postMessage',
    { channel, blocks: many(2, () => ({ type: 'table', rows: [[{ type: 'raw_text', text }]] })) },
    'invalid_attachments',
  ],
  [
    'more text than all blocks together may hold',
    'chat.postMessage',
    { channel, blocks: many(5, () => section({ text: words(long(2500)) })) },
    'msg_blocks_too_long',
  ],
  [
    'more markdown than all blocks together may hold',
    'chat.postMessage',
    { channel, blocks: many(2, () => ({ type: 'markdown', text: long(7000) })) },
    'msg_blocks_too_long',
  ],
  ['markdown text of 12001', 'chat.postMessage', { channel, markdown_text: long(12_001) }, 'msg_blocks_too_long'],
  [
    'markdown text of 12001 for one person',
    'chat.postEphemeral',
    { channel, user: 'U0ALICE', markdown_text: long(12_001) },
    'msg_too_long',
  ],
  ['markdown beside text', 'chat.postMessage', { channel, text, markdown_text: '# x' }, 'markdown_text_conflict'],
  ['attachments that are no list', 'chat.postMessage', { channel, text, attachments: {} }, 'invalid_attachments'],
  ['101 attachments', 'chat.postMessage', { channel, text, attachments: many(101, () => ({ text })) }, 'too_many_attachments'],
  ['an answer to nothing', 'chat.postMessage', { channel, text, thread_ts: '1.2' }, 'cannot_reply_to_message'],
  ['another name without its scope', 'chat.postMessage', { channel, text, username: 'quay' }, 'missing_scope'],
  ['metadata that is no object', 'chat.postMessage', { channel, text, metadata: '[]' }, 'invalid_metadata_format'],
  ['metadata without a type', 'chat.postMessage', { channel, text, metadata: { event_payload: {} } }, 'invalid_metadata_schema'],
  ['a secret word to nobody', 'chat.postEphemeral', { channel, text }, 'invalid_arguments'],
  ['a secret word to who is not there', 'chat.postEphemeral', { channel: 'C0ACMEDEV', text, user: 'U0EVE' }, 'user_not_in_channel'],
  ['a secret word where the bot is not', 'chat.postEphemeral', { channel: 'C0RANDOM', text, user: 'U0ALICE' }, 'not_in_channel'],
  ['a secret word of 4001', 'chat.postEphemeral', { channel, text: long(4001), user: 'U0ALICE' }, 'msg_too_long'],
  ['a change of nothing', 'chat.update', { channel, text, ts: '1.2' }, 'message_not_found'],
  ['a change in a channel by name', 'chat.update', { channel: 'general', text, ts: '1.2' }, 'channel_not_found'],
  ['deleting nothing', 'chat.delete', { channel, ts: '1.2' }, 'message_not_found'],
  ['a link to nothing', 'chat.getPermalink', { channel, message_ts: '1.2' }, 'message_not_found'],
  ['a person who is not there', 'users.info', { user: 'U0NOBODY' }, 'user_not_found'],
  ['a person by name', 'users.info', { user: 'alice' }, 'user_not_found'],
  ['an address nobody has', 'users.lookupByEmail', { email: 'x@example.com' }, 'users_not_found'],
  ['a group that is not there', 'usergroups.users.list', { usergroup: 'S0X' }, 'no_such_subteam'],
  ['a conversation with nobody', 'conversations.open', {}, 'users_list_not_supplied'],
  ['a conversation with somebody unknown', 'conversations.open', { users: 'U0NOBODY' }, 'user_not_found'],
  ['a conversation of nine', 'conversations.open', { users: 'a,b,c,d,e,f,g,h,i' }, 'too_many_users'],
  ['unknown kinds of channels', 'conversations.list', { types: 'secret' }, 'invalid_types'],
  ['a list of nought', 'conversations.list', { limit: 0 }, 'invalid_limit'],
  ['a made-up cursor', 'conversations.members', { channel, cursor: 'abc' }, 'invalid_cursor'],
  ['the history of a channel the bot is not in', 'conversations.history', { channel: 'C0RANDOM' }, 'not_in_channel'],
  ['a view without a trigger', 'views.open', { view: {} }, 'invalid_arguments'],
  ['a view by a made-up trigger', 'views.open', { trigger_id: '1.2.x', view: {} }, 'invalid_trigger_id'],
  [
    'a change of a view that is not open',
    'views.update',
    { view_id: 'V1', view: { type: 'modal', title: plain('x'), blocks: [section()] } },
    'not_found',
  ],
  ['a home for nobody', 'views.publish', { user_id: 'U0NOBODY', view: { type: 'home', blocks: [section()] } }, 'invalid_arguments'],
  [
    'a modal as home',
    'views.publish',
    { user_id: 'U0ALICE', view: { type: 'modal', title: plain('x'), blocks: [section()] } },
    'invalid_arguments',
  ],
  ['a reaction without its scope', 'reactions.add', { channel, name: 'eyes', timestamp: '1.2' }, 'missing_scope'],
  ['an upload of nothing', 'files.getUploadURLExternal', { filename: 'a.txt', length: 0 }, 'invalid_arguments'],
  ['the end of an upload that never began', 'files.completeUploadExternal', { files: [{ id: 'F1' }] }, 'file_not_found'],
  ['an unfurling of nothing', 'chat.unfurl', { channel, ts: '1.2', unfurls: {} }, 'cannot_find_message'],
]

test.each(refusals)('%s is refused: %s', async (_what, method, given, error) => {
  const { status, body } = await call(running, method, given)
  expect({ status, ok: body.ok, error: body.error }).toEqual({ status: 200, ok: false, error })
})

test('a refusal of blocks names every problem twice, once marked as an error', async () => {
  const { body } = await call(running, 'chat.postMessage', { channel, blocks: many(51, () => ({ type: 'divider' })) })
  expect(body).toEqual({
    ok: false,
    error: 'invalid_blocks',
    errors: ['no more than 50 items allowed [json-pointer:/blocks]'],
    response_metadata: { messages: ['[ERROR] no more than 50 items allowed [json-pointer:/blocks]'] },
  })
})

const tokens: [what: string, token: (running: Running) => string, method: string, error: string][] = [
  ['no token', () => '', 'auth.test', 'not_authed'],
  ['a wrong token', () => 'xoxb-wrong', 'auth.test', 'invalid_auth'],
  ['the token of the app', ({ slack }) => slack.tokens.app, 'auth.test', 'not_allowed_token_type'],
  ['the token of the bot', ({ slack }) => slack.tokens.bot, 'apps.connections.open', 'not_allowed_token_type'],
]

test.each(tokens)('%s does not open the door', async (_what, token, method, error) => {
  expect((await call(running, method, {}, token(running))).body).toEqual({ ok: false, error })
})

test('a scope that is not in the manifest is named beside those that are', async () => {
  running.slack.workspace.scopes = ['chat:write']
  const { body, headers } = await call(running, 'users.info', { user: 'U0ALICE' })
  expect(body).toEqual({ ok: false, error: 'missing_scope', needed: 'users:read', provided: 'chat:write' })
  expect(headers.get('x-oauth-scopes')).toBe('chat:write')
  expect(headers.get('x-accepted-oauth-scopes')).toBe('users:read')
})

test('an e-mail address is shown only with its own scope, a language only where asked for and never of other workspaces', async () => {
  const seen = async (user: string) => (await call(running, 'users.info', { user, include_locale: true })).body.user
  expect(await seen('U0ALICE')).toMatchObject({ locale: 'en-US', is_email_confirmed: true, profile: { email: 'alice@example.com' } })
  expect(await seen('U0FRANK')).toMatchObject({ team_id: 'T0OTHER', is_stranger: false })
  expect(await seen('U0FRANK')).not.toHaveProperty('locale')
  running.slack.workspace.scopes = manifest.oauth_config.scopes.bot.filter((scope) => scope !== 'users:read.email')
  expect(await seen('U0ALICE')).not.toHaveProperty('profile.email')
})

test('arguments in JSON are seen only by methods that take JSON, and not without saying so', async () => {
  const json = async (method: string, body: string, type = 'application/json; charset=utf-8') => {
    const headers = { authorization: `Bearer ${running.slack.tokens.bot}`, 'content-type': type }
    return (await fetch(`${running.origin}/slack-sim/api/${method}`, { method: 'POST', headers, body })).json()
  }
  expect(await json('chat.postMessage', JSON.stringify({ channel, text }))).toMatchObject({ ok: true })
  expect(await json('users.info', JSON.stringify({ user: 'U0ALICE' }))).toMatchObject({ ok: false, error: 'invalid_arguments' })
  expect(await json('chat.postMessage', '{')).toMatchObject({ error: 'invalid_json' })
  expect(await json('chat.postMessage', '[]')).toMatchObject({ error: 'json_not_object' })
  expect(await json('chat.postMessage', 'x', 'text/plain')).toMatchObject({ error: 'invalid_post_type' })
  expect(await json('auth.test', '{}', 'application/json')).toMatchObject({ ok: true, warning: 'missing_charset' })
})

test('Slack checks Block Kit for anybody, without a token', async () => {
  const check = async (given: Record<string, unknown>) => (await call(running, 'blocks.validate', given, '')).body
  expect(await check({ blocks: [section()] })).toEqual({ ok: true })
  expect(await check({ blocks: [{ type: 'header', text: { type: 'invalid', text } }] })).toMatchObject({
    error: 'invalid_blocks',
    errors: [{ code: 'failed_constraint', message: 'unsupported type: invalid', pointer: '/0/text/type', constraint: { type: 'enum' } }],
  })
  expect(await check({ message: { text, blocks: [{ type: 'x' }] } })).toMatchObject({
    error: 'invalid_message',
    errors: [{ pointer: '/blocks/0/type' }],
  })
  expect(await check({ view: { type: 'modal', blocks: [section()] } })).toMatchObject({ error: 'invalid_view' })
  expect(await check({})).toMatchObject({ error: 'invalid_arguments' })
  expect(await check({ view: {}, blocks: [] })).toMatchObject({ error: 'invalid_arguments' })
})

test('a page of a list leads to the next by a cursor that ends empty', async () => {
  const page = async (cursor: string) => (await call(running, 'conversations.list', { limit: 3, cursor })).body
  const first = await page('')
  expect(first.channels).toMatchObject([
    { name: 'general', is_member: true, is_ext_shared: true },
    { name: 'acme-dev' },
    { name: 'quay-approvals' },
  ])
  const second = await page((first.response_metadata as { next_cursor: string }).next_cursor)
  expect(second).toMatchObject({ channels: [{ name: 'random', is_member: false }], response_metadata: { next_cursor: '' } })
})
