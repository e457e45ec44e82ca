import { fieldsOf, listOf, textOf } from './json.ts'

/** The parts of the app's manifest that the simulator needs. */
export interface Manifest {
  commands: { command: string; escapes: boolean }[]
  scopes: string[]
  events: string[]
  shortcuts: { callback_id: string; type: string; name: string }[]
  unfurlDomains: string[]
  homeTab: boolean
  messagesTab: boolean
  /** People cannot write to the bot in its messages tab. */
  messagesReadOnly: boolean
  interactivity: boolean
  /** Where Slackbot calls the app's tools; undefined if the app has none. */
  mcpServer: string | undefined
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

/** Reads a manifest. Features that it does not name are not available to the app. */
export function readManifest(source: unknown): Manifest {
  const { features, oauth_config, settings, mcp_servers } = fieldsOf(source)
  const { slash_commands, shortcuts, unfurl_domains, app_home } = fieldsOf(features)
  const { bot, bot_optional } = fieldsOf(fieldsOf(oauth_config).scopes)
  const { event_subscriptions, interactivity } = fieldsOf(settings)
  const home = fieldsOf(app_home)
  return {
    commands: listOf(slash_commands).map((one) => ({ command: textOf(one.command), escapes: one.should_escape === true })),
    scopes: [...strings(bot), ...strings(bot_optional)],
    events: strings(fieldsOf(event_subscriptions).bot_events),
    shortcuts: listOf(shortcuts).map((one) => ({ callback_id: textOf(one.callback_id), type: textOf(one.type), name: textOf(one.name) })),
    unfurlDomains: strings(unfurl_domains),
    homeTab: home.home_tab_enabled === true,
    messagesTab: home.messages_tab_enabled !== false,
    messagesReadOnly: home.messages_tab_read_only_enabled === true,
    interactivity: fieldsOf(interactivity).is_enabled === true,
    mcpServer: serverIn(mcp_servers),
  }
}

/** The first server of the app that Slack signs for; Slack takes https addresses alone. */
function serverIn(servers: unknown) {
  const [server] = Object.values(fieldsOf(servers)).map(fieldsOf)
  const url = textOf(server?.url)
  return server?.auth_type === 'slack_identity_auth' && url.startsWith('https://') ? url : undefined
}

/** Whether the app may unfurl links to this host: its domain or a parent domain is in the manifest. The port is ignored (docs/slack.md §4). */
export function isWatched({ unfurlDomains }: Manifest, host: string) {
  return unfurlDomains.some((one) => host === one || host.endsWith(`.${one}`))
}
