import { App, type BlockAction, HTTPReceiver, LogLevel } from '@slack/bolt'
import type { Running } from './start-slack.ts'

type Modal = Parameters<InstanceType<typeof App>['client']['views']['open']>[0] extends infer T
  ? T extends { view: infer V }
    ? V
    : never
  : never

const plain = (text: string) => ({ type: 'plain_text' as const, text })

const form = (title: string): Modal => ({
  type: 'modal',
  callback_id: 'form',
  title: plain(title),
  submit: plain('Create'),
  blocks: [
    { type: 'input', block_id: 'name:1', label: plain('Name'), element: { type: 'plain_text_input', action_id: 'typed' } },
    {
      type: 'input',
      block_id: 'owner',
      optional: true,
      label: plain('Owner'),
      element: { type: 'external_select', action_id: 'owners', min_query_length: 0 },
    },
    { type: 'actions', block_id: 'more', elements: [{ type: 'button', action_id: 'push', text: plain('More') }] },
  ],
})

const card = (text: string) => ({
  text,
  blocks: [
    { type: 'section' as const, text: { type: 'mrkdwn' as const, text } },
    {
      type: 'actions' as const,
      elements: [
        { type: 'button' as const, action_id: 'turn', text: plain('Older'), value: 'older' },
        { type: 'button' as const, action_id: 'turn-newer', text: plain('Newer'), value: 'newer' },
      ],
    },
  ],
})

/** What every bot does: answers a command, turns a page, opens, refuses, updates and pushes modals, suggests. */
function teach(app: App) {
  app.command('/quay', async ({ ack, respond, command, client }) => {
    await ack()
    if (command.text === 'form') await client.views.open({ trigger_id: command.trigger_id, view: form('Form') })
    else await respond(card(`You typed ${command.text}`))
  })
  app.action<BlockAction>(/^turn/, async ({ ack, respond, action }) => {
    await ack()
    await respond({ ...card(`Page ${'value' in action ? action.value : ''}`), replace_original: true })
  })
  app.action<BlockAction>('push', async ({ ack, client, body }) => {
    await ack()
    // The fourth is refused; a test looks for that in the traffic.
    await client.views.push({ trigger_id: body.trigger_id, view: form('On top') }).catch(() => {})
  })
  app.options('owners', async ({ ack, options }) => {
    const all = ['acme', 'globex'].map((one) => ({ text: plain(`Organization ${one}`), value: one }))
    await ack({ options: all.filter(({ text }) => text.text.includes(options.value)) })
  })
  app.view('form', async ({ ack, view, body, client }) => {
    const name = view.state.values['name:1']?.typed?.value
    if (name === 'taken') return ack({ response_action: 'errors', errors: { 'name:1': 'Taken.' } })
    if (name === 'wrong') return ack({ response_action: 'errors', errors: { name: 'Taken.' } })
    await ack({ response_action: 'update', view: { type: 'modal', title: plain('Done'), blocks: [{ type: 'divider' }] } })
    const owner = view.state.values.owner?.owners?.selected_option?.value
    await client.chat.postMessage({ channel: body.user.id, text: `Created ${owner}/${name}` })
  })
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [{ type: 'header', text: plain('Home') }] } })
  })
}

const nothing = () => {}
const quiet = {
  logger: {
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: nothing,
    setLevel: nothing,
    getLevel: () => LogLevel.ERROR,
    setName: nothing,
  },
}

export interface RunningBot {
  /** Its Request URL; none in Socket Mode. */
  url: string
  stop(): Promise<void>
}

export async function startSocketBot({ slack, origin }: Running): Promise<RunningBot> {
  const app = new App({
    token: slack.tokens.bot,
    appToken: slack.tokens.app,
    socketMode: true,
    clientOptions: { slackApiUrl: `${origin}/slack-sim/api/` },
    ...quiet,
  })
  teach(app)
  await app.start()
  return { url: '', stop: async () => void (await app.stop()) }
}

export async function startHttpBot({ slack, origin }: Running, port: number): Promise<RunningBot> {
  const receiver = new HTTPReceiver({ signingSecret: slack.tokens.signingSecret, port, ...quiet })
  const app = new App({ token: slack.tokens.bot, receiver, clientOptions: { slackApiUrl: `${origin}/slack-sim/api/` }, ...quiet })
  teach(app)
  await app.start(port)
  const url = `http://127.0.0.1:${port}/slack/events`
  slack.transport({ mode: 'http', url })
  return { url, stop: async () => void (await receiver.stop()) }
}
