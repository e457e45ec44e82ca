import { requireScope } from './access.ts'
import { textOf } from './json.ts'
import { botUser, isPerson } from './people.ts'
import { refuse } from './refusal.ts'
import type { Slack } from './simulation.ts'
import { type Channel, directMessage, findChannel, findUser, isMember } from './workspace.ts'

export function isArchived(slack: Slack, channel: Channel) {
  return channel.is_archived || slack.faults.archived?.includes(channel.id) === true
}

/** A channel that the bot can see; private channels without the bot do not exist for it. */
export function knownChannel(slack: Slack, id: unknown): Channel {
  const channel = slack.workspace.channels.find((one) => one.id === id)
  if (!channel || (channel.is_private && !isMember(channel, botUser))) throw refuse('channel_not_found')
  return channel
}

/** The scope that the kind of channel requires: `channels:read`, `groups:history`, `im:write` … */
export function requireChannelScope(slack: Slack, channel: Channel, right: 'read' | 'history') {
  requireScope(slack, [`${channel.is_im ? 'im' : channel.is_private ? 'groups' : 'channels'}:${right}`])
}

/** The destination of a message: a channel by id or name, or a person, which opens their direct message with the app (docs/slack.md §6). */
export function destination(slack: Slack, named: unknown): Channel {
  const name = textOf(named)
  if (/^[UW]/.test(name)) return messagesTab(slack, name)
  const channel = findChannel(slack.workspace, name)
  if (!channel) throw refuse('channel_not_found')
  if (channel.is_im) return messagesTab(slack, channel.user ?? '')
  if (!isMember(channel, botUser)) {
    if (channel.is_private) throw refuse('channel_not_found')
    if (!slack.workspace.scopes.includes('chat:write.public')) throw refuse('not_in_channel')
  }
  if (isArchived(slack, channel)) throw refuse('is_archived')
  return channel
}

function messagesTab(slack: Slack, id: string) {
  const user = findUser(slack.workspace, id)
  if (!user || user.id !== id || user.deleted || !isPerson(user)) throw refuse('channel_not_found')
  if (!slack.manifest.messagesTab) throw refuse('messages_tab_disabled')
  return directMessage(slack.workspace, id)
}
