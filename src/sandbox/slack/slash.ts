import { type Delivery, deliver } from './deliver.ts'
import { type Fields, fieldsOf, isFields } from './json.ts'
import { slackbotSays } from './messages.ts'
import { channelName, present, verificationToken } from './payloads.ts'
import { appId, team, type User } from './people.ts'
import { forbidden, impossible, isRefusal } from './refusal.ts'
import { issueResponseUrl, respond } from './response-url.ts'
import type { Slack } from './simulation.ts'
import { issueTrigger } from './triggers.ts'
import { escaped } from './typed-text.ts'
import { type Channel, isMember } from './workspace.ts'

export interface Typed {
  user: string
  channel: string
  /** The whole line; or, without `command` and slash, the text behind it. */
  text: string
  command?: string
  /** Commands of apps cannot be typed in threads. */
  thread_ts?: string
}

/** A person types a slash command. Resolves when it is acknowledged, or has failed as Slack would show it. */
export async function slash(slack: Slack, from: Typed): Promise<Delivery> {
  const user = present(slack, from.user)
  const channel = room(slack, from.channel, user)
  if (from.thread_ts) throw forbidden('Commands of apps cannot be typed in threads.')
  // People of other workspaces are not offered the commands of this one (docs/slack.md §2, §8).
  if (user.team_id !== team) throw forbidden(`${user.name} is of another workspace: Slack does not offer them the commands of this one.`)
  const { command, text } = words(slack, from)
  const known = slack.manifest.commands.find((one) => one.command === command)
  if (!known) throw forbidden(`${command} is not a valid command.`)
  if (!slack.workspace.scopes.includes('commands')) throw forbidden('The app was not installed with the scope commands.')
  const typed = known.escapes ? escaped(slack.workspace, text) : text
  const delivery = await deliver(slack, 'slash_commands', payload(slack, user, channel, command, typed))
  return { ...delivery, ...reply(slack, { user, channel, command, text }, delivery) }
}

/** A channel in which a person can act. */
export function room(slack: Slack, id: string, user: User): Channel {
  const channel = slack.workspace.channels.find((one) => one.id === id)
  if (!channel) throw impossible(`There is no channel ${id}.`)
  if (!isMember(channel, user.id)) throw impossible(`${user.name} is not in ${channel.is_im ? 'that direct message' : `#${channel.name}`}.`)
  return channel
}

function words({ manifest }: Slack, { command, text }: Typed) {
  if (command) return { command, text }
  const line = /^(\/\S*)\s?([\s\S]*)$/.exec(text)
  if (line) return { command: line[1] ?? '', text: line[2] ?? '' }
  return { command: manifest.commands[0]?.command ?? '/', text }
}

function payload(slack: Slack, user: User, channel: Channel, command: string, text: string): Fields {
  return {
    token: verificationToken,
    team_id: team,
    team_domain: slack.workspace.teams[0]?.domain,
    channel_id: channel.id,
    channel_name: channelName(channel),
    user_id: user.id,
    user_name: user.name,
    command,
    text,
    api_app_id: appId,
    is_enterprise_install: 'false',
    response_url: issueResponseUrl(slack, 'commands', { user: user.id, channel: channel.id }),
    trigger_id: issueTrigger(slack, user.id),
  }
}

// The acknowledgement may contain the answer; without one, Slackbot reports the error (docs/slack.md §2).
function reply(
  slack: Slack,
  { user, channel, command, text }: { user: User; channel: Channel; command: string; text: string },
  { ok, ack, error }: Delivery,
): Partial<Delivery> {
  const fail = (code: string) => {
    slackbotSays(slack, channel.id, user.id, `${command} failed with the error "${code}"`)
    return { ok: false, error: code }
  }
  if (!ok) return fail(error ?? 'dispatch_failed')
  if (ack === undefined) return {}
  const message = isFields(ack) ? ack : { text: String(ack) }
  if (message.response_type === 'in_channel') echo(slack, user, channel, `${command} ${text}`.trim())
  if (Object.keys(message).every((key) => key === 'response_type')) return {}
  try {
    respond(slack, { user: user.id, channel: channel.id }, fieldsOf(message))
    return {}
  } catch (problem) {
    if (!isRefusal(problem)) throw problem
    return fail(String(problem.answer.error))
  }
}

/** `in_channel` also shows the typed command. */
function echo(slack: Slack, user: User, channel: Channel, text: string) {
  slack.workspace.messages.push({ type: 'message', ts: `${slack.clock() / 1000}`, user: user.id, team, channel: channel.id, text })
  slack.changed()
}
