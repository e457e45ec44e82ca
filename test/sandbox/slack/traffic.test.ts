import { beforeEach, expect, test } from 'vitest'
import { fieldsOf, textOf } from '../../../src/sandbox/slack/json.ts'
import { field, input, modal, plain, section, words } from './pieces.ts'
import { startConnected, trigger } from './raw-bot.ts'
import { call } from './start-slack.ts'

const { running, bot } = await startConnected()
beforeEach(() => {
  running.slack.reset()
  bot.answer = () => ({})
})

const user = 'U0ALICE'
const log = () => JSON.stringify(running.slack.traffic)

test('everything that goes over the wire is written down, with how long it took', async () => {
  await running.slack.slash({ user, channel: 'C0GENERAL', text: '/quay help' })
  await call(running, 'chat.postMessage', { channel: 'C0GENERAL', text: 'Hi' })
  await call(running, 'chat.postMessage', { channel: 'C0RANDOM', text: 'Hi' })
  expect(running.slack.traffic).toMatchObject([
    { direction: 'to bot', kind: 'slash_commands', name: '/quay', transport: 'socket', request: { text: 'help' }, ms: expect.any(Number) },
    { direction: 'from bot', kind: 'call', name: 'chat.postMessage', request: { text: 'Hi' }, answer: { ok: true }, status: 200 },
    { direction: 'from bot', kind: 'call', name: 'chat.postMessage', answer: { ok: false }, error: 'not_in_channel' },
  ])
})

test('tokens and the secret part of response URLs are nowhere in it', async () => {
  await call(running, 'chat.postMessage', {
    channel: 'C0GENERAL',
    text: `Mine is ${running.slack.tokens.bot}`,
    token: running.slack.tokens.bot,
  })
  await running.slack.slash({ user, channel: 'C0GENERAL', text: `/quay mirror create acme/web password=canary1 "api_token=canary2"` })
  expect(log()).not.toContain(running.slack.tokens.bot)
  expect(log()).not.toContain('canary')
  expect(log()).toMatch(/slack-sim\/response\/commands\/[^"]+\[credential\]/)
})

const typedSecrets: [what: string, line: string, kept: string][] = [
  [
    'the address of a webhook, by its host',
    'notification create a/b repo_push https://hooks.slack.com/services/T/canary',
    'hooks.slack.com',
  ],
  ['the same without https', 'notification create a/b repo_push hooks.slack.com/services/canary?x=canary', 'hooks.slack.com'],
  ['the address behind a method', 'notification create a/b repo_push webhook https://ci.example.com/canary', 'ci.example.com'],
  ['the address by its name', 'notification create a/b repo_push webhook url=https://ci.example.com/canary', 'repo_push'],
  ['the same with dashes', 'notification create a/b repo_push --url=https://ci.example.com/canary', 'repo_push'],
  ['the same in quotes', 'notification create a/b repo_push “url=https://ci.example.com/canary”', 'repo_push'],
  ['several words in quotes', `mirror create a/b password='canary canary' tag=x`, 'tag=x'],
  ['a pair in quotes', 'mirror create a/b "password=canary’s canary"', 'mirror'],
  [
    'a password with a slash and an @',
    'mirror create a/b https_proxy=http://u:canary@x/canary@proxy.example:80',
    '[credential]@proxy.example:80',
  ],
]

test.each(typedSecrets)('%s is cut where it was typed, and nothing beside it', async (_what, line, shown) => {
  await running.slack.slash({ user, channel: 'C0GENERAL', text: `/quay ${line}` })
  expect(log()).toContain(shown)
  expect(log()).not.toContain('canary')
})

test('the address of a public archive stays readable', async () => {
  for (const name of ['archive_url', 'archive-url'])
    await running.slack.slash({ user, channel: 'C0GENERAL', text: `/quay build start a/b ${name}=https://files.example.com/a.tar.gz` })
  expect(log().match(/files\.example\.com\/a\.tar\.gz/g)).toHaveLength(2)
})

test('what is typed into the field of a webhook is cut, and into that of an archive is not', async () => {
  const fields = ['url', 'archive_url'].map((name) => ({ ...input(field({ action_id: name })), block_id: name, dispatch_action: true }))
  const { body } = await call(running, 'views.open', {
    trigger_id: await trigger(running, bot),
    view: modal({ submit: plain('Go'), blocks: fields }),
  })
  const view_id = textOf(fieldsOf(body.view).id)
  await running.slack.action({ user, view_id, field: 'url', value: 'https://ci.example.com/canary' })
  await running.slack.submit({
    user,
    view_id,
    values: { url: 'https://ci.example.com/canary', archive_url: 'https://files.example.com/a.tar.gz' },
  })
  expect(log()).toContain('files.example.com/a.tar.gz')
  expect(log()).not.toContain('canary')
})

test('what is typed into a password field is cut, and the rest of the modal is not', async () => {
  const view = modal({
    submit: plain('Go'),
    blocks: [input(field()), { ...input(field({ initial_value: 'canary0' })), block_id: 'password:mirror', dispatch_action: true }],
  })
  const { body } = await call(running, 'views.open', { trigger_id: await trigger(running, bot), view })
  const view_id = textOf(fieldsOf(body.view).id)
  await running.slack.action({ user, view_id, field: 'password', value: 'canary1' })
  bot.answer = () => ({ response_action: 'update', view })
  await running.slack.submit({ user, view_id, values: { field: 'visible', password: 'canary2' } })
  expect(log()).toContain('visible')
  expect(log()).not.toContain('canary')
})

const reveals: [what: string, view: object][] = [
  ['by its callback', modal({ callback_id: 'credential', blocks: [input(field({ initial_value: 'canary' }))], submit: plain('Done') })],
  ['by a block', modal({ blocks: [{ ...section({ text: words('podman login -p canary') }), block_id: 'credential:1' }] })],
]

test.each(reveals)('a modal that reveals a credential, known %s, is cut wherever it is echoed', async (_what, view) => {
  const { body } = await call(running, 'views.open', { trigger_id: await trigger(running, bot), view: modal({ submit: plain('Go') }) })
  const id = textOf(fieldsOf(body.view).id)
  expect((await call(running, 'views.update', { view_id: id, view })).body.ok).toBe(true)
  bot.answer = () => ({ response_action: 'update', view })
  if (fieldsOf(view).submit) await running.slack.submit({ user, view_id: id })
  await running.slack.closeView({ user, view_id: id })
  expect(log()).not.toContain('canary')
  expect(running.slack.traffic.at(-1)?.request).toMatchObject({ view: { cut: 'credential' } })
})
