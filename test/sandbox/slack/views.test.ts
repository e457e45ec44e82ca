import { beforeEach, expect, test } from 'vitest'
import { type Fields, fieldsOf, textOf } from '../../../src/sandbox/slack/json.ts'
import { actions, button, field, input, modal, option, plain, section, words } from './pieces.ts'
import { payloadOf, startConnected, trigger } from './raw-bot.ts'
import { call } from './start-slack.ts'

const { running, bot } = await startConnected()
beforeEach(() => {
  running.slack.reset()
  bot.answer = () => ({})
})

const user = 'U0ALICE'
const form = (more: object = {}) => modal({ submit: plain('Go'), blocks: [input(field()), actions(button())], ...more })

async function open(view: object = form()) {
  const { body } = await call(running, 'views.open', { trigger_id: await trigger(running, bot), view })
  return fieldsOf(body.view)
}

async function triggerFrom(view_id: unknown) {
  await running.slack.action({ user, view_id: textOf(view_id), action_id: 'press' })
  return textOf(payloadOf(bot.envelopes().at(-1)).trigger_id)
}

async function push(from: unknown, view: object = form()) {
  return (await call(running, 'views.push', { trigger_id: await triggerFrom(from), view })).body
}

const submit = (view_id: unknown, values: Fields = { field: 'x' }) => running.slack.submit({ user, view_id: textOf(view_id), values })
const shown = () => running.slack.workspace.views.map(({ id }) => id)

test('a trigger opens one view, within three seconds', async () => {
  const first = await trigger(running, bot)
  running.clock.advance(1_500)
  expect(
    (await call(running, 'views.open', { trigger_id: first, view: form({ title: plain('A title that is too long here') }) })).body.error,
  ).toBe('invalid_arguments')
  expect((await call(running, 'views.open', { trigger_id: first, view: form() })).body.ok).toBe(true)
  expect((await call(running, 'views.open', { trigger_id: first, view: form() })).body.error).toBe('exchanged_trigger_id')
  const second = await trigger(running, bot)
  running.clock.advance(3001)
  expect((await call(running, 'views.open', { trigger_id: second, view: form() })).body.error).toBe('expired_trigger_id')
})

test('a view comes back with what Slack adds: ids, hash, an empty state', async () => {
  const view = await open(form({ private_metadata: 'm', callback_id: 'c' }))
  expect(view).toMatchObject({
    type: 'modal',
    team_id: 'T0QUAY',
    app_id: 'A0QUAY',
    bot_id: 'B0QUAYBOT',
    private_metadata: 'm',
    callback_id: 'c',
    external_id: '',
  })
  expect(view).toMatchObject({ root_view_id: view.id, previous_view_id: null, state: { values: {} }, close: null })
  expect(view.hash).toMatch(/^\d{10}\.[0-9a-f]{8}$/)
})

test('what was typed stays where block and action are the same, and goes where they are not', async () => {
  const { id } = await open()
  await running.slack.fill({ user, view_id: textOf(id), values: { field: 'typed' } })
  const more = { ...input(field({ initial_value: 'given' })), block_id: 'other' }
  await call(running, 'views.update', { view_id: id, view: form({ blocks: [input(field({ initial_value: 'new' })), more] }) })
  expect(running.slack.workspace.views[0]?.typed).toMatchObject({
    field: { typed: { value: 'typed' } },
    other: { typed: { value: 'given' } },
  })
  await call(running, 'views.update', { view_id: id, view: form({ blocks: [{ ...input(field()), block_id: 'new' }] }) })
  expect(running.slack.workspace.views[0]?.typed).toEqual({ new: { typed: { type: 'plain_text_input', value: null } } })
})

test('an old hash does not change a view that was changed since', async () => {
  const { id, hash } = await open()
  expect((await call(running, 'views.update', { view_id: id, hash, view: form() })).body.ok).toBe(true)
  expect((await call(running, 'views.update', { view_id: id, hash, view: form() })).body.error).toBe('hash_conflict')
})

test('three views lie on top of each other at most, and only on a trigger from an open modal', async () => {
  const { id } = await open()
  const second = fieldsOf((await push(id)).view)
  expect(second).toMatchObject({ root_view_id: id, previous_view_id: id })
  const third = fieldsOf((await push(second.id)).view)
  expect(await push(third.id)).toEqual({ ok: false, error: 'push_limit_reached' })
  expect((await call(running, 'views.push', { trigger_id: await trigger(running, bot), view: form() })).body.error).toBe('not_found')
  await expect(submit(id)).rejects.toThrow('Another modal lies on top')
  await running.slack.closeView({ user, view_id: textOf(third.id) })
  expect(shown()).toEqual([id, second.id])
})

test('an external id is unique, and names its view', async () => {
  await open(form({ external_id: 'mine' }))
  expect(
    (await call(running, 'views.open', { trigger_id: await trigger(running, bot), view: form({ external_id: 'mine' }) })).body.error,
  ).toBe('duplicate_external_id')
  expect(
    (await call(running, 'views.update', { external_id: 'mine', view: form({ external_id: 'mine', title: plain('New') }) })).body.ok,
  ).toBe(true)
})

test('a submission carries the whole state and an empty acknowledgement closes the view', async () => {
  const blocks = [
    input(field({ initial_value: 'as it was' })),
    {
      ...input({ type: 'static_select', action_id: 'choose', options: [option('a', 'First'), option('b', 'Second')] }),
      block_id: 'kind:1',
    },
    {
      ...input({ type: 'checkboxes', action_id: 'tick', options: [option('x', 'X'), option('y', 'Y')] }, { optional: true }),
      block_id: 'flags',
    },
    { ...input({ type: 'datepicker', action_id: 'when' }, { optional: true }), block_id: 'day' },
    { ...input({ type: 'multi_users_select', action_id: 'who' }, { optional: true }), block_id: 'people' },
  ]
  const { id } = await open(form({ blocks, private_metadata: 'mine' }))
  expect(await submit(id, { kind: 'Second', flags: ['x'], people: ['bea', 'carl'] })).toMatchObject({ ok: true, errors: {} })
  const { type, view, trigger_id, response_urls } = payloadOf(bot.envelopes().at(-1))
  expect({ type, response_urls }).toEqual({ type: 'view_submission', response_urls: [] })
  expect(trigger_id).toEqual(expect.any(String))
  expect(view).toMatchObject({ id, private_metadata: 'mine' })
  expect(fieldsOf(fieldsOf(view).state).values).toMatchObject({
    field: { typed: { type: 'plain_text_input', value: 'as it was' } },
    'kind:1': { choose: { type: 'static_select', selected_option: { value: 'b' } } },
    flags: { tick: { selected_options: [{ value: 'x' }] } },
    day: { when: { selected_date: null } },
    people: { who: { selected_users: ['U0BEA', 'U0CARL'] } },
  })
  expect(shown()).toEqual([])
})

test('the client itself refuses what is empty, too long or no number, and the bot hears nothing', async () => {
  const blocks = [
    input(field({ max_length: 3 })),
    { ...input({ type: 'number_input', action_id: 'n', is_decimal_allowed: false, min_value: '2' }), block_id: 'count' },
    { ...input({ type: 'email_text_input', action_id: 'e' }), block_id: 'mail' },
  ]
  const { id } = await open(form({ blocks }))
  const before = bot.frames.length
  expect((await submit(id, { field: 'long', count: '1', mail: 'nobody' })).errors).toEqual({
    field: 'Enter at most 3 characters.',
    count: 'Enter at least 2.',
    mail: 'Enter an email address.',
  })
  expect((await submit(id, { field: '', count: '2.5', mail: 'a@b.example' })).errors).toEqual({
    field: 'Please complete this required field.',
    count: 'Enter a number.',
  })
  expect(bot.frames).toHaveLength(before)
})

const answers: [what: string, ack: object, outcome: string | undefined][] = [
  ['errors of its inputs', { response_action: 'errors', errors: { field: 'Taken.' } }, 'errors'],
  ['errors of a block it does not have', { response_action: 'errors', errors: { fild: 'Taken.' } }, 'invalid_response_action'],
  ['no errors at all', { response_action: 'errors', errors: {} }, 'invalid_response_action'],
  ['a new view', { response_action: 'update', view: form({ title: plain('Next') }) }, undefined],
  ['a new view that is wrong', { response_action: 'update', view: form({ title: words('Next') }) }, 'invalid_response_action'],
  ['a home on top of a modal', { response_action: 'push', view: { type: 'home', blocks: [section()] } }, 'invalid_response_action'],
  ['a view on top', { response_action: 'push', view: form() }, undefined],
  ['an end to all', { response_action: 'clear' }, undefined],
  ['something else', { ok: true }, 'invalid_response_action'],
  ['an unknown action', { response_action: 'close' }, 'invalid_response_action'],
]

test.each(answers)('a submission is answered with %s', async (_what, ack, outcome) => {
  const { id } = await open()
  bot.answer = () => ack
  const { ok, error, errors } = await submit(id)
  expect({ ok, error }).toEqual({ ok: outcome === undefined, error: outcome })
  expect(errors).toEqual(outcome === 'errors' ? { field: 'Taken.' } : {})
  expect(running.slack.workspace.views[0]?.trouble).toBe(
    outcome === 'invalid_response_action' ? 'We had some trouble connecting. Try again?' : undefined,
  )
})

test('closing is told only where the view asks for it; × closes the whole stack and tells of the root', async () => {
  const { id } = await open(form({ notify_on_close: true }))
  const second = fieldsOf((await push(id)).view)
  await running.slack.closeView({ user, view_id: textOf(second.id) })
  expect(payloadOf(bot.envelopes().at(-1)).type).toBe('block_actions')
  await push(id)
  await running.slack.closeView({ user, view_id: shown().at(-1) ?? '', all: true })
  expect(payloadOf(bot.envelopes().at(-1))).toMatchObject({ type: 'view_closed', is_cleared: true, view: { id } })
  expect(shown()).toEqual([])
})

test('App Home is published to one person, needs its tab, and keeps one hash', async () => {
  const view = { type: 'home', blocks: [section(), actions(button())] }
  const { body } = await call(running, 'views.publish', { user_id: user, view })
  expect(body).toMatchObject({ ok: true, view: { type: 'home', title: null } })
  expect((await call(running, 'views.publish', { user_id: user, view, hash: 'x' })).body.error).toBe('hash_conflict')
  await running.slack.home(user)
  expect(payloadOf(bot.envelopes().at(-1)).event).toMatchObject({
    type: 'app_home_opened',
    tab: 'home',
    channel: 'D0ALICE',
    view: { id: fieldsOf(body.view).id },
  })
  await running.slack.action({ user, view_id: textOf(fieldsOf(body.view).id), label: 'Press' })
  const pressed = payloadOf(bot.envelopes().at(-1))
  expect(pressed).toMatchObject({ type: 'block_actions', container: { type: 'view' }, view: { type: 'home' } })
  expect(pressed).not.toHaveProperty('response_url')
})
