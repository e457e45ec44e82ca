import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { fieldsOf, listOf, textOf } from '../../../src/sandbox/slack/json.ts'
import { actions, button, long, section, words } from './pieces.ts'
import { call, type Running, startSlack } from './start-slack.ts'

let running: Running
beforeAll(async () => {
  running = await startSlack()
})
afterAll(() => running.stop())
beforeEach(() => running.slack.reset())

const channel = 'C0GENERAL'

async function posted(given: Record<string, unknown>) {
  const { body } = await call(running, 'chat.postMessage', { channel, ...given })
  return { ts: textOf(body.ts), message: fieldsOf(body.message), body }
}

test('a message comes back as Slack keeps it: ids filled in, links wrapped, emoji spelled out, @here alive unless verbatim', async () => {
  const { message } = await posted({
    text: 'See https://quay.example.com/x.',
    blocks: [
      section({ text: words('✅ @here see #general') }),
      section({ text: { type: 'mrkdwn', text: '@here', verbatim: true } }),
      actions(button()),
    ],
  })
  expect(message.text).toBe('See <https://quay.example.com/x>.')
  const [first, second, third] = listOf(message.blocks)
  expect(first).toMatchObject({ block_id: expect.any(String), text: { text: ':white_check_mark: <!here> see <#C0GENERAL|general>' } })
  expect(second).toMatchObject({ text: { text: '@here' } })
  expect(third).toMatchObject({ elements: [{ text: { text: 'Press', emoji: true } }] })
})

test('an app message of more than 40,000 characters is cut off, and cannot be updated with more than 4,000', async () => {
  const { ts, message } = await posted({ text: long(40_001) })
  expect(textOf(message.text)).toHaveLength(40_000)
  expect((await call(running, 'chat.update', { channel, ts, text: long(4001) })).body.error).toBe('msg_too_long')
})

test('text alone takes the blocks away, blocks alone leave the text, and only changed text counts as edited', async () => {
  const { ts } = await posted({ text: 'One', blocks: [section()] })
  await call(running, 'chat.update', { channel, ts, blocks: [section({ text: words('Two') })], text: 'Two' })
  const [message] = running.slack.workspace.messages
  expect(message).toMatchObject({ text: 'Two', blocks: [{ text: { text: 'Two' } }] })
  expect(message).not.toHaveProperty('edited')
  const { body } = await call(running, 'chat.update', { channel, ts, text: 'Three' })
  expect(body).toMatchObject({ ok: true, ts, text: 'Three', message: { edited: { user: 'U0QUAYBOT' } } })
  expect(message).not.toHaveProperty('blocks')
  expect((await call(running, 'chat.update', { channel, ts })).body.error).toBe('no_text')
})

test('rich text is replaced by rich text only', async () => {
  const rich = { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'x' }] }] }
  const { ts } = await posted({ text: 'x', blocks: [rich] })
  expect((await call(running, 'chat.update', { channel, ts, text: 'x', blocks: [section()] })).body.error).toBe('block_mismatch')
  expect((await call(running, 'chat.update', { channel, ts, text: 'x', blocks: [rich] })).body.ok).toBe(true)
})

test('what others said cannot be changed or deleted, nor anything in an archived channel', async () => {
  const said = await running.slack.say({ user: 'U0ALICE', channel, text: 'Mine' })
  expect((await call(running, 'chat.update', { channel, ts: said.ts, text: 'x' })).body.error).toBe('cant_update_message')
  expect((await call(running, 'chat.delete', { channel, ts: said.ts })).body.error).toBe('cant_delete_message')
  const { ts } = await posted({ text: 'Ours' })
  running.slack.faults({ archived: [channel] })
  expect((await call(running, 'chat.update', { channel, ts, text: 'x' })).body.error).toBe('is_inactive')
  expect((await posted({ text: 'x' })).body.error).toBe('is_archived')
})

test('an ephemeral message is seen by one person, is in no history, cannot be changed, and is gone after a reload', async () => {
  const { body } = await call(running, 'chat.postEphemeral', { channel, user: 'U0ALICE', text: 'Psst' })
  expect(body).toEqual({ ok: true, message_ts: expect.any(String) })
  const ts = body.message_ts
  expect((await call(running, 'chat.update', { channel, ts, text: 'x' })).body.error).toBe('message_not_found')
  expect((await call(running, 'chat.delete', { channel, ts })).body.error).toBe('message_not_found')
  expect((await call(running, 'conversations.history', { channel })).body.messages).toEqual([])
  expect(running.slack.workspace.messages).toHaveLength(1)
  running.slack.reload('U0ALICE')
  expect(running.slack.workspace.messages).toEqual([])
})

test('a thread hangs on its first message, and a reply to a reply does not exist', async () => {
  const { ts } = await posted({ text: 'First' })
  const reply = await posted({ text: 'Second', thread_ts: ts })
  expect(reply.message).toMatchObject({ thread_ts: ts })
  expect((await posted({ text: 'Third', thread_ts: reply.ts })).body.error).toBe('cannot_reply_to_message')
  const { body } = await call(running, 'conversations.replies', { channel, ts })
  expect(listOf(body.messages).map(({ text }) => text)).toEqual(['First', 'Second'])
  const history = await call(running, 'conversations.history', { channel })
  expect(listOf(history.body.messages).map(({ text }) => text)).toEqual(['First'])
  const link = await call(running, 'chat.getPermalink', { channel, message_ts: reply.ts })
  expect(link.body.permalink).toContain(`?thread_ts=${ts}&cid=${channel}`)
})

test('metadata is given back only to who asks for it, and no scope means no history', async () => {
  await posted({ text: 'x', metadata: { event_type: 'card', event_payload: { id: '1' } } })
  const plainly = await call(running, 'conversations.history', { channel })
  expect(listOf(plainly.body.messages)[0]).not.toHaveProperty('metadata')
  const wholly = await call(running, 'conversations.history', { channel, include_all_metadata: true })
  expect(listOf(wholly.body.messages)[0]).toMatchObject({ metadata: { event_type: 'card' } })
  running.slack.workspace.scopes = ['chat:write']
  expect((await call(running, 'conversations.history', { channel })).body).toMatchObject({ error: 'missing_scope' })
})

test('a person’s id opens the direct message, unless its tab is off or they are deactivated', async () => {
  const { body } = await posted({ channel: 'U0BEA', text: 'Hi' })
  expect(body.channel).toBe('D0BEA')
  expect((await call(running, 'conversations.open', { users: 'U0BEA' })).body).toEqual({
    ok: true,
    no_op: true,
    already_open: true,
    channel: { id: 'D0BEA' },
  })
  for (const user of running.slack.workspace.users) if (user.name === 'bea') user.deleted = true
  expect((await posted({ channel: 'U0BEA', text: 'Hi' })).body.error).toBe('channel_not_found')
  expect((await call(running, 'conversations.open', { users: 'U0BEA' })).body.error).toBe('user_disabled')
})

test('a file is taken in three steps, none of which can be left out, and then lies in the channel', async () => {
  const begun = await call(running, 'files.getUploadURLExternal', { filename: 'log.txt', length: 5 })
  const files = [{ id: begun.body.file_id, title: 'Log' }]
  expect((await call(running, 'files.completeUploadExternal', { files, channel_id: channel })).body.error).toBe('file_update_failed')
  const put = await fetch(textOf(begun.body.upload_url), { method: 'POST', body: 'lines' })
  expect(await put.text()).toBe('OK - 5')
  expect((await call(running, 'files.completeUploadExternal', { files, channel_id: 'U0ALICE' })).body.error).toBe('channel_not_found')
  const done = await call(running, 'files.completeUploadExternal', { files, channel_id: channel, initial_comment: 'Here' })
  expect(done.body).toMatchObject({ ok: true, files: [{ id: begun.body.file_id, title: 'Log' }] })
  expect(running.slack.workspace.messages).toMatchObject([{ text: 'Here', files: [{ name: 'log.txt' }] }])
  expect((await call(running, 'files.completeUploadExternal', { files, channel_id: channel })).body.error).toBe('file_not_found')
})
