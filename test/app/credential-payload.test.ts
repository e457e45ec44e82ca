import { App, type Receiver } from '@slack/bolt'
import { expect, test } from 'vitest'
import { cutCredentials } from '../../src/app/slack-app.ts'

const secret = 'Canary-payload-19c4'

/** What Slack sends back of the modal that shows a credential (docs/slack.md §3): its blocks, with the credential in them. */
function payloadOf(type: 'block_actions' | 'view_submission') {
  const element = { type: 'plain_text_input', action_id: 'credential', initial_value: secret }
  const blocks = [{ type: 'input', block_id: 'credential:token', element }]
  const state = { values: { 'credential:token': { credential: { type: 'plain_text_input', value: secret } } } }
  const view = { id: 'V1', type: 'modal', callback_id: 'credential', private_metadata: '', blocks, state }
  const action = { type: 'button', action_id: 'credential:done', block_id: 'credential:done', value: 'the id', text: {}, action_ts: '1' }
  const from = { type, team: { id: 'T1', domain: 'acme' }, user: { id: 'U1' }, api_app_id: 'A1', token: '' }
  return type === 'block_actions'
    ? { ...from, trigger_id: '1', container: { type: 'view', view_id: 'V1' }, view, actions: [action], state }
    : { ...from, view }
}

test.each(['block_actions', 'view_submission'] as const)(
  'of the modal that shows a credential no listener sees the credential: %s',
  async (type) => {
    const bolt: { made?: App } = {}
    const nothing = async () => undefined
    const receiver: Receiver = { init: (made) => Object.assign(bolt, { made }), start: nothing, stop: nothing }
    const app = new App({
      receiver,
      authorize: async () => ({ botToken: 'xoxb-test', botId: 'B1', botUserId: 'U0BOT' }),
      convoStore: false,
    })
    const seen: unknown[] = []
    cutCredentials(app)
    app.use(async ({ body, payload, next }) => {
      seen.push(structuredClone({ body, payload }))
      await next()
    })
    app.action(/./, async ({ body, payload, ack }) => {
      await ack()
      seen.push(structuredClone({ body, payload }))
    })
    const acks: true[] = []
    await bolt.made?.processEvent({ body: payloadOf(type), ack: async () => void acks.push(true) })
    expect(acks).toEqual([true])
    expect(seen.length).toBeGreaterThan(0)
    expect(JSON.stringify(seen)).toContain('"V1"')
    expect(JSON.stringify(seen)).not.toContain(secret)
  },
)
