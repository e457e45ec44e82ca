import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { type Fields, fieldsOf, isFields, listOf, textOf } from '../../../src/sandbox/slack/json.ts'
import { actions, button, field, input, modal, plain, section } from './pieces.ts'
import { payloadOf, startConnected, trigger } from './raw-bot.ts'
import { call, manifest } from './start-slack.ts'

const { running, bot } = await startConnected()

const recorded = new URL('../../recorded/slack/', import.meta.url)

function example(name: string, which = 'success'): Fields {
  const { examples } = JSON.parse(readFileSync(new URL(`doc-examples/${name}.json`, recorded), 'utf8'))
  return fieldsOf(examples[which] ?? examples)
}

/** The paths of an example that the answer lacks, or holds something of another kind at; lists are compared by their first. */
function lacking(wanted: unknown, got: unknown, at = ''): string[] {
  if (Array.isArray(wanted))
    return wanted.length === 0 || !Array.isArray(got) ? (Array.isArray(got) ? [] : [at]) : lacking(wanted[0], got[0], `${at}[0]`)
  if (!isFields(wanted)) return wanted !== null && got !== null && typeof wanted !== typeof got ? [at] : []
  if (!isFields(got)) return got === null ? [] : [at]
  return Object.entries(wanted).flatMap(([key, one]) => (key in got ? lacking(one, got[key], `${at}.${key}`) : [`${at}.${key}`]))
}

const user = 'U0ALICE'
const channel = 'C0GENERAL'
const home = { type: 'home', blocks: [section()] }
const form = () => modal({ submit: plain('Go'), close: plain('No'), blocks: [input(field()), actions(button())] })

async function posted() {
  return (await call(running, 'chat.postMessage', { channel, text: 'x', blocks: [actions(button({ value: '1' }))] })).body
}

/** What the documentation's examples show that this workspace has not: other tokens, Enterprise Grid, avatars, old kinds of messages. */
const answers: [name: string, which: string, ask: () => Promise<unknown>, absent: string[]][] = [
  ['auth.test', 'success_with_bot_token', async () => (await call(running, 'auth.test')).body, []],
  ['apps.connections.open', 'success', async () => (await call(running, 'apps.connections.open', {}, running.slack.tokens.app)).body, []],
  ['chat.postMessage', 'success', posted, ['.message.username', '.message.attachments', '.message.subtype']],
  ['chat.postEphemeral', 'success', async () => (await call(running, 'chat.postEphemeral', { channel, user, text: 'x' })).body, []],
  ['chat.update', 'success', async () => (await call(running, 'chat.update', { channel, ts: (await posted()).ts, text: 'y' })).body, []],
  ['chat.delete', 'success', async () => (await call(running, 'chat.delete', { channel, ts: (await posted()).ts })).body, []],
  [
    'chat.getPermalink',
    'success',
    async () => (await call(running, 'chat.getPermalink', { channel, message_ts: (await posted()).ts })).body,
    [],
  ],
  ['conversations.history', 'success', async () => (await call(running, 'conversations.history', { channel })).body, []],
  [
    'conversations.info',
    'success',
    async () => (await call(running, 'conversations.info', { channel })).body,
    [
      'unlinked',
      'is_frozen',
      'is_pending_ext_shared',
      'pending_shared',
      'updated',
      'parent_conversation',
      'pending_connected_team_ids',
      'properties',
    ].map((name) => `.channel.${name}`),
  ],
  ['conversations.members', 'success', async () => (await call(running, 'conversations.members', { channel })).body, []],
  ['conversations.open', 'success', async () => (await call(running, 'conversations.open', { users: user })).body, []],
  [
    'users.info',
    'success',
    async () => (await call(running, 'users.info', { user })).body,
    ['image_original', 'image_24', 'image_32', 'image_48', 'image_192', 'image_512']
      .map((name) => `.user.profile.${name}`)
      .concat('.user.has_2fa'),
  ],
  ['usergroups.users.list', 'success', async () => (await call(running, 'usergroups.users.list', { usergroup: 'S0PLATFORM' })).body, []],
  [
    'views.open',
    'success',
    async () => (await call(running, 'views.open', { trigger_id: await trigger(running, bot), view: form() })).body,
    [],
  ],
  ['views.publish', 'success', async () => (await call(running, 'views.publish', { user_id: user, view: home })).body, []],
  [
    'files.getUploadURLExternal',
    'success',
    async () => (await call(running, 'files.getUploadURLExternal', { filename: 'a', length: 1 })).body,
    [],
  ],
]

test.each(answers)('%s answers as documented (%s)', async (name, which, ask, absent) => {
  expect(lacking(example(name, which), await ask()).filter((path) => !absent.includes(path))).toEqual([])
})

const last = () => payloadOf(bot.envelopes().at(-1))

async function openForm() {
  const { body } = await call(running, 'views.open', {
    trigger_id: await trigger(running, bot),
    view: { ...form(), notify_on_close: true },
  })
  return textOf(fieldsOf(body.view).id)
}

const payloads: [name: string, act: () => Promise<unknown>, absent: string[]][] = [
  ['payload.slash_command', () => running.slack.slash({ user, channel, text: '/quay x' }), ['enterprise_id', 'enterprise_name']],
  [
    'payload.block_actions.message',
    async () => running.slack.press({ user, channel, ts: textOf((await posted()).ts), label: 'Press' }),
    ['container.attachment_id', 'container.is_app_unfurl'],
  ],
  [
    'payload.block_actions.home',
    () => running.slack.action({ user, view_id: running.slack.workspace.views[0]?.id ?? '', label: 'Press' }),
    ['view.blocks[0].elements'],
  ],
  [
    'payload.message_action',
    async () => running.slack.shortcut({ user, callback_id: 'quote', channel, ts: textOf((await posted()).ts) }),
    [],
  ],
  ['payload.shortcut.global', () => running.slack.shortcut({ user, callback_id: 'request' }), []],
  [
    'payload.view_submission',
    async () => running.slack.submit({ user, view_id: await openForm(), values: { field: 'x' } }),
    ['view.state.values.multiline', 'view.state.values.target_channel', 'view.response_urls'],
  ],
  ['payload.view_closed', async () => running.slack.closeView({ user, view_id: await openForm() }), []],
]

test.each(payloads)('%s has the documented shape', async (name, act, absent) => {
  for (const view of running.slack.workspace.views.splice(0)) void view
  if (name.includes('home')) await openForm()
  await act()
  const wanted = fieldsOf(example(name).form_fields ?? example(name))
  expect(lacking(wanted, last()).filter((path) => !absent.includes(path.slice(1)))).toEqual([])
})

test('envelopes and frames have the documented shape', async () => {
  const frames = example('socket_mode.frames')
  await running.slack.say({ user, channel, text: '@quaymaster hello' })
  const event = bot.envelopes().at(-1)
  const ours = ['.payload.event.client_msg_id', '.payload.event.blocks']
  expect(lacking(frames.events_api, event).filter((path) => !ours.includes(path))).toEqual([])
  expect(
    lacking(
      frames.hello,
      bot.frames.find(({ type }) => type === 'hello'),
    ),
  ).toEqual([])
  await running.slack.slash({ user, channel, text: '/quay' })
  expect(lacking(frames.slash_commands, bot.envelopes().at(-1))).toEqual([])
  await running.slack.say({ user, channel, text: 'https://quay.example.com/x' })
  expect(
    lacking(fieldsOf(example('payload.event_callback.link_shared')).event, last().event).filter((path) => path !== '.thread_ts'),
  ).toEqual([])
})

test('the manifest these tests use is one that Slack takes', () => {
  const schema = JSON.parse(readFileSync(new URL('manifest-schema.json', recorded), 'utf8'))
  const validate = new Ajv({ strict: false, allErrors: true, logger: false, validateFormats: false }).compile(schema)
  validate(manifest)
  expect(listOf(validate.errors).map(({ instancePath, message }) => `${instancePath} ${message}`)).toEqual([])
})
