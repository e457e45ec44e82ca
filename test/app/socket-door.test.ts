import { afterAll, expect, test } from 'vitest'
import { sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { pressed } from './signed.ts'

const { slack, alice, log } = await startBot({ until: afterAll })

const payloads: [what: string, payload: unknown][] = [
  ['null', null],
  ['a list', []],
  ['a number', 7],
  ['nothing', undefined],
  ['the action constructor', { ...pressed, type: 'block_actions', actions: [{ type: 'button', action_id: 'constructor', value: 'x' }] }],
  ['no actions', { ...pressed, type: 'block_actions', actions: null }],
  ['an unknown modal', { ...pressed, type: 'view_submission', view: { id: 'V1', callback_id: 'toString', state: {} } }],
  ['another app', { ...pressed, api_app_id: 'A0OTHER', type: 'block_actions', actions: [] }],
  ['another workspace', { ...pressed, team: { id: 'T0OTHER' }, type: 'shortcut', callback_id: 'request-repository' }],
]

for (const [index, type] of ['interactive', 'slash_commands', 'events_api'].entries())
  test.each(sampled(payloads, 3, index))(`an envelope of ${type} with %s is acknowledged, and the bot works on`, async (_what, payload) => {
    const envelope = `${type} ${Math.random()}`
    await slack.frame(JSON.stringify({ envelope_id: envelope, type, payload, accepts_response_payload: true }), envelope)
    expect((await alice.types('/quay whoami')).text).toContain('alice')
  })

const frames = [
  'null',
  '[]',
  '7',
  '{}',
  '{',
  '{"type":"__proto__"}',
  '{"type":"interactive"}',
  '{"type":"error"}',
  '{"type":"events_api","payload":{"event":{"type":"error"}}}',
]

test.each(sampled(frames, 4))('the frame %s ends nothing', async (frame) => {
  await slack.frame(frame)
  expect((await alice.types('/quay whoami')).text).toContain('alice')
})

test('none of it was a bug', () => {
  expect(log()).not.toMatch(/"a bug"/)
})
