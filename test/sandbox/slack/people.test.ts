import { beforeEach, expect, test } from 'vitest'
import { type Fields, fieldsOf, listOf, textOf } from '../../../src/sandbox/slack/json.ts'
import { actions, button, input, modal, option, plain, section } from './pieces.ts'
import { payloadOf, startConnected, trigger } from './raw-bot.ts'
import { call } from './start-slack.ts'

const { running, bot } = await startConnected()
beforeEach(() => {
  running.slack.reset()
  bot.answer = () => ({})
})

const channel = 'C0GENERAL'
const last = () => payloadOf(bot.envelopes().at(-1))

async function post(blocks: object[], more: object = {}) {
  const { body } = await call(running, 'chat.postMessage', { channel, text: 'x', blocks, ...more })
  return textOf(body.ts)
}

const typed: [what: string, text: string, arrives: string][] = [
  ['a mention of everybody is text when it is typed as Slack writes it', '<!channel> <!here>', '&lt;!channel&gt; &lt;!here&gt;'],
  ['a mention of everybody is one when it is typed as people do', '@channel', '<!channel>'],
  ['a mention of a person that is already one stays', '<@U0BEA|bea>', '<@U0BEA|bea>'],
  ['an address in a word is none of Slack’s business', 'a@b.example web@sha256:1', 'a@b.example web@sha256:1'],
  ['an address with a query', 'see http://x.example/a?b=c&d', 'see <http://x.example/a?b=c&amp;d>'],
  ['quotes of phones, right-to-left names and emoji arrive as typed', '“acme” שלום 🚀', '“acme” שלום 🚀'],
  ['white space stays', 'a  b\tc', 'a  b\tc'],
]

test.each(typed)('%s', async (_what, text, arrives) => {
  await running.slack.slash({ user: 'U0ALICE', channel, text: `/quay ${text}` })
  expect(last().text).toBe(arrives)
})

test('a menu, an overflow and a ticked box tell what was chosen, by value or by label', async () => {
  const options = [option('a', 'First'), option('b', '✅ Second')]
  const ts = await post([
    actions(
      { type: 'static_select', action_id: 'choose', options },
      { type: 'overflow', action_id: 'more', options },
      { type: 'checkboxes', action_id: 'tick', options: [option('yes', 'Really')] },
      { type: 'datepicker', action_id: 'when' },
    ),
  ])
  const press = async (action_id: string, value: unknown) => {
    await running.slack.press({ user: 'U0ALICE', channel, ts, action_id, value })
    return listOf(last().actions)[0]
  }
  expect(await press('choose', '✅ Second')).toMatchObject({ type: 'static_select', selected_option: { value: 'b' } })
  expect(await press('more', 'First')).toMatchObject({ type: 'overflow', selected_option: { value: 'a' } })
  expect(await press('tick', true)).toMatchObject({ selected_options: [{ value: 'yes' }] })
  expect(await press('when', '2026-02-28')).toMatchObject({ selected_date: '2026-02-28' })
  await expect(press('when', 'tomorrow')).rejects.toThrow('cannot be chosen')
  await expect(press('choose', 'Third')).rejects.toThrow('it offers First, :white_check_mark: Second')
  const [values] = Object.values(fieldsOf(fieldsOf(last().state).values))
  expect(values).toMatchObject({ choose: { selected_option: { value: 'b' } }, when: { selected_date: '2026-02-28' } })
})

test('what was pressed before somebody was deactivated still arrives, but they type nothing more', async () => {
  const ts = await post([actions(button())])
  for (const user of running.slack.workspace.users) if (user.name === 'eve') user.deleted = true
  expect(await running.slack.press({ user: 'U0EVE', channel, ts, action_id: 'press' })).toMatchObject({ ok: true })
  await expect(running.slack.slash({ user: 'U0EVE', channel, text: '/quay' })).rejects.toThrow('deactivated')
})

test('nobody presses what only somebody else sees', async () => {
  await call(running, 'chat.postEphemeral', { channel, user: 'U0BEA', text: 'x', blocks: [actions(button())] })
  const ts = running.slack.workspace.messages[0]?.ts ?? ''
  await expect(running.slack.press({ user: 'U0ALICE', channel, ts, action_id: 'press' })).rejects.toThrow('alice sees no message')
  await running.slack.press({ user: 'U0BEA', channel, ts, action_id: 'press' })
  expect(last()).toMatchObject({ container: { is_ephemeral: true, message_ts: ts } })
  expect(last()).not.toHaveProperty('message')
})

test('a link is unfurled where it was posted; a button in it is one of an attachment', async () => {
  const url = 'https://quay.example.com/repository/acme/web'
  const { ts } = await running.slack.say({ user: 'U0ALICE', channel, text: `see ${url}` })
  const unfurl = (unfurls: Fields) => call(running, 'chat.unfurl', { channel, ts, unfurls })
  expect((await unfurl({ 'https://x.example': { blocks: [section()] } })).body.error).toBe('cannot_unfurl_url')
  expect((await unfurl({ [url]: { blocks: [{ type: 'x' }] } })).body.error).toBe('invalid_attachments')
  expect((await unfurl({ [url]: { blocks: [section(), actions(button())] } })).body.ok).toBe(true)
  await running.slack.press({ user: 'U0BEA', channel, ts, action_id: 'press' })
  expect(last()).toMatchObject({ container: { type: 'message_attachment', attachment_id: 1, is_app_unfurl: true } })
})

const suggestions: [what: string, ack: object, error: string][] = [
  ['more than a hundred', { options: Array.from({ length: 101 }, (_, index) => option(`${index}`)) }, 'no more than 100 items allowed'],
  ['options that are too long', { options: [option('a', 'x'.repeat(76))] }, 'must be less than 76 characters'],
  ['nothing at all', {}, 'missing required field: options'],
  ['options and groups', { options: [], option_groups: [] }, 'exactly one'],
]

test.each(suggestions)('a menu that is answered with %s shows an error', async (_what, ack, error) => {
  const view = modal({ submit: plain('Go'), blocks: [input({ type: 'external_select', action_id: 'owner' })] })
  const { body } = await call(running, 'views.open', { trigger_id: await trigger(running, bot), view })
  const asked = { user: 'U0ALICE', view_id: textOf(fieldsOf(body.view).id), field: 'field' }
  await expect(running.slack.options({ ...asked, query: 'ab' })).rejects.toThrow('from 3 characters on')
  bot.answer = () => ack
  await expect(running.slack.options({ ...asked, query: 'abc' })).rejects.toThrow(error)
  expect(last()).toMatchObject({ type: 'block_suggestion', action_id: 'owner', block_id: 'field', value: 'abc', view: { type: 'modal' } })
})

test('nothing is pushed on App Home', async () => {
  await call(running, 'views.publish', { user_id: 'U0ALICE', view: { type: 'home', blocks: [actions(button())] } })
  await running.slack.action({ user: 'U0ALICE', view_id: running.slack.workspace.homes[0]?.id ?? '', action_id: 'press' })
  const { body } = await call(running, 'views.push', { trigger_id: last().trigger_id, view: modal() })
  expect(body).toMatchObject({
    error: 'invalid_arguments',
    response_metadata: { messages: [expect.stringContaining('must match the `type` of the root view')] },
  })
})

test('a select of conversations gives an address to answer to in the chosen one', async () => {
  const select = { type: 'conversations_select', action_id: 'where', response_url_enabled: true }
  const { body } = await call(running, 'views.open', {
    trigger_id: await trigger(running, bot),
    view: modal({ submit: plain('Go'), blocks: [input(select)] }),
  })
  await running.slack.submit({ user: 'U0ALICE', view_id: textOf(fieldsOf(body.view).id), values: { field: 'acme-dev' } })
  const [url] = listOf(last().response_urls)
  expect(url).toMatchObject({ block_id: 'field', action_id: 'where', channel_id: 'C0ACMEDEV' })
  const answer = await fetch(textOf(url?.response_url), { method: 'POST', body: '{"text":"There","response_type":"in_channel"}' })
  expect(answer.status).toBe(200)
  expect(running.slack.workspace.messages).toMatchObject([{ channel: 'C0ACMEDEV', text: 'There' }])
})

test('a change of a person is told without their address where the scope for it is missing', async () => {
  running.slack.workspace.scopes = running.slack.workspace.scopes.filter((scope) => scope !== 'users:read.email')
  await running.slack.userChanged('alice')
  expect(last().event).toMatchObject({ type: 'user_change', user: { id: 'U0ALICE', deleted: false } })
  expect(JSON.stringify(last())).not.toContain('alice@example.com')
})

test('the bot hears its own messages where it listens, marked as its own', async () => {
  await call(running, 'chat.postMessage', { channel: 'U0ALICE', text: 'Mine' })
  await expect.poll(() => fieldsOf(last().event)).toMatchObject({ type: 'message', channel_type: 'im', bot_id: 'B0QUAYBOT', text: 'Mine' })
})

test('whoever watches hears of every change', async () => {
  let changes = 0
  const leave = running.slack.onChange(() => {
    changes += 1
  })
  await call(running, 'chat.postMessage', { channel, text: 'x' })
  expect(changes).toBeGreaterThan(0)
  leave()
  const before = changes
  await call(running, 'chat.postMessage', { channel, text: 'x' })
  expect(changes).toBe(before)
})
