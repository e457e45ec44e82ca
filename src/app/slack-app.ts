import type { RequestListener } from 'node:http'
import { App, HTTPReceiver, type Receiver, SocketModeReceiver } from '@slack/bolt'
import { SocketModeClient } from '@slack/socket-mode'
import type { Bot } from '../context.ts'
import { boltLogger } from '../slack/bolt-log.ts'
import { clientOptions } from '../slack/clients.ts'
import { keepLine, type Line } from '../slack/reconnect.ts'
import { fetchWithReason } from '../slack/response-url.ts'
import { listenToReasons } from '../surfaces/approvals/modals.ts'
import { listenToHomes } from '../surfaces/home/listener.ts'
import { listenToLinks } from '../surfaces/link-previews/unfurl.ts'
import { listenToMessages } from '../surfaces/messages/listener.ts'
import { listenToSubmits } from '../surfaces/modals/submit.ts'
import { listenToShortcuts } from '../surfaces/shortcuts.ts'
import { listenToCommands } from '../surfaces/slash-command.ts'
import { listenToSuggestions } from '../surfaces/suggestions/listener.ts'
import { listenToButtons } from './button-router.ts'
import { guardDoor, guardSocket, slackListener } from './slack-door.ts'
import { listenToEvents } from './slack-events.ts'

export interface Connection {
  /** Answers Slack's HTTP requests; undefined in Socket Mode. */
  listener: RequestListener | undefined
  /** Whether Slack can reach the bot now. */
  isConnected(): boolean
  /** Stops taking payloads from Slack. */
  stop(): Promise<void>
}

/** Connects the bot to Slack: Socket Mode with an app token, else signed HTTP at /slack/events. */
export async function connectSlack(bot: Bot): Promise<Connection> {
  const { receiver, listener, line } = receiverOf(bot)
  const app = new App({
    token: bot.config.SLACK_BOT_TOKEN,
    receiver,
    logger: boltLogger(bot.log),
    clientOptions: { ...optionsOf(bot), fetch: fetchWithReason(bot.slack.network) },
    convoStore: false,
    // openSlack has called auth.test already.
    tokenVerificationEnabled: false,
    botUserId: bot.slack.user,
    botId: bot.slack.bot,
  })
  app.error(async (err) => bot.log.error({ err }, 'a listener failed'))
  cutCredentials(app)
  guardDoor(app, bot, await ownAppId(bot))
  listenToCommands(app, bot)
  listenToMessages(app, bot)
  listenToButtons(app, bot)
  listenToSubmits(app, bot)
  listenToReasons(app, bot)
  listenToSuggestions(app, bot)
  listenToHomes(app, bot)
  listenToShortcuts(app, bot)
  listenToLinks(app, bot)
  listenToEvents(app, bot)
  // Over HTTP the server is ours (listen.ts), so Bolt has nothing to start or stop, and both calls throw.
  if (!line) return { listener, isConnected: () => true, stop: async () => undefined }
  await line.start().catch((error: unknown) => {
    // If Slack closes a new connection at once, the client rejects without an error; its other errors have these codes.
    throw error ?? Object.assign(new Error('it closed the connection'), { code: 'slack_socket_mode_closed' })
  })
  return { listener, isConnected: line.isConnected, stop: async () => line.stop() }
}

function optionsOf({ config, slack, log }: Bot) {
  return clientOptions({ url: config.SLACK_API_URL, network: slack.network, log, observe: slack.observe })
}

function receiverOf(bot: Bot): { receiver: Receiver; listener: RequestListener | undefined; line: Line | undefined } {
  const { config, slack, log } = bot
  const logger = boltLogger(log)
  if (config.SLACK_APP_TOKEN === undefined) {
    const receiver = new HTTPReceiver({
      signingSecret: config.SLACK_SIGNING_SECRET ?? '',
      endpoints: ['/slack/events'],
      logger,
      bodyLimit: '1mb',
    })
    const listener = slackListener((request, response) => receiver.requestListener(request, response))
    return { receiver, listener, line: undefined }
  }
  const appToken = config.SLACK_APP_TOKEN
  // The client can force a silent socket closed only if it opened it itself, so it is given a way only if there is a proxy.
  const dispatcher = slack.network.isProxied ? slack.network.dispatcher : undefined
  const options = { appToken, logger, autoReconnectEnabled: false, clientOptions: optionsOf(bot), dispatcher }
  // Bolt's receiver only turns envelopes into events. The connections are ours (slack/reconnect.ts), and its own client never starts.
  const receiver = new SocketModeReceiver({ appToken, logger, autoReconnectEnabled: false })
  const hear = (envelope: object) => void receiver.client.emit('slack_event', envelope)
  const open = () => {
    const client = new SocketModeClient(options)
    guardSocket(client, log)
    return client
  }
  return { receiver, listener: undefined, line: keepLine(open, hear, log) }
}

/**
 * Slack returns a modal's blocks with every press in it. For the modal that shows a credential, only the id is kept before
 * any listener, log or store sees the rest (docs/SECURITY.md rule 21).
 */
export function cutCredentials(app: App) {
  app.use(async ({ body, payload, next }) => {
    // For a submitted view the payload is the view itself.
    const all = [body, payload] as { view?: object; state?: object }[]
    const views = [...all, ...all.map(({ view }) => view ?? {})].filter(isCredential)
    if (views.length > 0) for (const one of all) delete one.state
    for (const view of views) Object.assign(view, { blocks: [], private_metadata: '', state: { values: {} } })
    await next()
  })
  // Its fields are read-only; the submit button only closes the window.
  app.view('credential', async ({ ack }) => ack())
}

function isCredential(one: object) {
  return 'callback_id' in one && one.callback_id === 'credential'
}

/** The id of this Slack app; undefined if Slack does not return it, in which case signature and workspace decide. */
async function ownAppId({ slack, log }: Bot): Promise<string | undefined> {
  try {
    const { bot } = await slack.directory.bots.info({ bot: slack.bot })
    return bot?.app_id
  } catch (err) {
    log.warn({ err }, 'Slack did not return the id of this app')
    return undefined
  }
}
