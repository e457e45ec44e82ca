import { randomUUID } from 'node:crypto'
import { type Delivery, deliver } from './deliver.ts'
import { emit } from './events.ts'
import { type Fields, fieldsOf, lengthOf } from './json.ts'
import { isWatched } from './manifest.ts'
import { channelType, outwardly } from './messages.ts'
import { userObject } from './methods/people.ts'
import { linked } from './normalise.ts'
import { interaction, present } from './payloads.ts'
import { botUser, team, type User } from './people.ts'
import { forbidden, impossible } from './refusal.ts'
import { issueResponseUrl } from './response-url.ts'
import { nextId, nextTs, type Slack } from './simulation.ts'
import { room } from './slash.ts'
import { issueTrigger } from './triggers.ts'
import { escaped } from './typed-text.ts'
import { viewObject } from './views.ts'
import { type Channel, directMessage, isMember, type Message } from './workspace.ts'

/** A person opens the bot's App Home. */
export async function openHome(slack: Slack, name: string): Promise<Delivery> {
  const user = present(slack, name)
  if (!slack.manifest.homeTab) throw impossible('The manifest has no App Home.')
  if (user.team_id !== team) throw forbidden(`${user.name} is of another workspace: they have no App Home of the bot.`)
  const channel = directMessage(slack.workspace, user.id)
  const shown = slack.workspace.homes.find((one) => one.user === user.id)
  return emit(
    slack,
    {
      type: 'app_home_opened',
      user: user.id,
      channel: channel.id,
      tab: 'home',
      event_ts: nextTs(slack),
      // The first time there is no view yet (docs/slack.md §4).
      ...(shown && { view: viewObject(shown) }),
    },
    { channel: channel.id },
  )
}

/** A person chooses a global shortcut, or one in the menu of a message. */
export async function shortcut(
  slack: Slack,
  from: { user: string; callback_id: string; channel?: string; ts?: string },
): Promise<Delivery> {
  const user = present(slack, from.user)
  const known = slack.manifest.shortcuts.find(({ callback_id }) => callback_id === from.callback_id)
  if (!known) throw impossible(`The manifest has no shortcut ${from.callback_id}.`)
  if (user.team_id !== team) throw forbidden(`${user.name} is of another workspace: Slack does not offer them the shortcuts of this one.`)
  const trigger_id = issueTrigger(slack, user.id)
  const common = { callback_id: from.callback_id, trigger_id, action_ts: nextTs(slack) }
  if (known.type === 'global') return deliver(slack, 'interactive', { ...interaction(slack, 'shortcut', user), ...common })
  return deliver(slack, 'interactive', { ...interaction(slack, 'message_action', user), ...common, ...onMessage(slack, user, from) })
}

function onMessage(slack: Slack, user: User, { channel: id = '', ts }: { channel?: string; ts?: string }): Fields {
  const channel = room(slack, id, user)
  const message = slack.workspace.messages.find((one) => one.ts === ts && one.channel === channel.id && !one.only_for)
  if (!message) throw impossible(`${user.name} sees no message ${ts} there.`)
  return {
    channel: { id: channel.id, name: channel.name },
    message: outwardly(message),
    message_ts: message.ts,
    response_url: issueResponseUrl(slack, 'app-actions', { user: user.id, channel: channel.id, message: message.ts }),
  }
}

// The limit for people; the Web API accepts more.
const longest = 12_000

export interface Said {
  user: string
  channel: string
  text: string
  thread_ts?: string
  /** Not the person themself: a workflow, whose event names nobody, or an app that writes for them. */
  by?: 'workflow' | 'app'
}

/** A person writes a message. The bot gets the events that its manifest subscribes to: direct messages, mentions, links. */
export async function say(slack: Slack, from: Said): Promise<Message> {
  const user = present(slack, from.user)
  const channel = room(slack, from.channel, user)
  if (channel.is_im && isReadOnly(slack)) throw forbidden('Sending messages to this app has been turned off.')
  const length = lengthOf(from.text)
  if (length > longest) throw forbidden(tooLong(length))
  const ts = nextTs(slack)
  const text = escaped(slack.workspace, from.text).replaceAll(/<@(\w+)\|[^<>]*>/g, '<@$1>')
  const message: Message = {
    type: 'message',
    ts,
    user: user.id,
    team: user.team_id,
    channel: channel.id,
    text: linked(text),
    unfurl_id: nextId(slack, 'C'),
  }
  if (from.thread_ts) message.thread_ts = from.thread_ts
  slack.workspace.messages.push(message)
  slack.changed()
  if (from.by === 'app') message.bot_id = 'B0ANOTHER'
  const author = from.by === 'workflow' ? { user: undefined, subtype: 'bot_message', bot_id: 'B0WORKFLOW' } : {}
  await tell(slack, channel, user, message, author)
  return message
}

/**
 * Whether people can write to the bot. Slack decides by the manifest; a workspace that did not grant `im:history` would deliver
 * nothing, which the sandbox shows as the same (docs/slack.md §18).
 */
export function isReadOnly({ manifest, workspace }: Slack) {
  return !manifest.messagesTab || manifest.messagesReadOnly || !workspace.scopes.includes('im:history')
}

/** A person edits their message. Slack sends a change, and no mention for a mention that the edit has added (docs/slack.md §18). */
export async function rewrite(slack: Slack, from: { user: string; channel: string; ts: string; text: string }): Promise<Message> {
  const user = present(slack, from.user)
  const channel = room(slack, from.channel, user)
  const message = slack.workspace.messages.find((one) => one.ts === from.ts && one.channel === channel.id && one.user === user.id)
  if (!message) throw impossible(`${user.name} wrote no message ${from.ts} there.`)
  const before = outwardly(message)
  message.text = linked(escaped(slack.workspace, from.text).replaceAll(/<@(\w+)\|[^<>]*>/g, '<@$1>'))
  message.edited = { user: user.id, ts: nextTs(slack) }
  slack.changed()
  const change = { type: 'message', subtype: 'message_changed', hidden: true, message: outwardly(message), previous_message: before }
  const base = { ...change, channel: channel.id, ts: nextTs(slack), event_ts: nextTs(slack), channel_type: channelType(channel) }
  if (isMember(channel, botUser)) await emit(slack, base, { channel: channel.id })
  return message
}

function tooLong(length: number) {
  const [is, atMost] = [length, longest].map((number) => number.toLocaleString('en-US'))
  return `Your message has ${is} characters; Slack sends ${atMost} at most. Shorten it, or send it in parts.`
}

async function tell(slack: Slack, channel: Channel, user: User, message: Message, author: Fields) {
  const about = { channel: channel.id }
  const { unfurl_id: _unfurl, ...shown } = fieldsOf(outwardly(message))
  const base = { ...shown, client_msg_id: randomUUID(), channel: channel.id, event_ts: message.ts, ...author }
  const hears = isMember(channel, botUser)
  if (hears) await emit(slack, { ...base, channel_type: channelType(channel) }, about)
  // A mention counts only in channels with the bot, never in direct messages; it is sent in addition to the message event (docs/slack.md §4).
  if (hears && !channel.is_im && message.text.includes(`<@${botUser}>`)) await emit(slack, { ...base, type: 'app_mention' }, about)
  const links = watched(slack, message.text)
  if (links.length > 0 && user.team_id === team) await emit(slack, shared(channel, message, links), about)
}

/** The URLs in a text whose domain, or a parent domain, the manifest names. */
function watched({ manifest }: Slack, text: string) {
  const addresses = [...text.matchAll(/<(https?:\/\/[^|>]+)/g)].map(([, url = '']) => url.replaceAll('&amp;', '&'))
  return [...new Set(addresses)].flatMap((url) => {
    const host = URL.parse(url)?.hostname ?? ''
    return isWatched(manifest, host) ? [{ domain: host, url }] : []
  })
}

function shared(channel: Channel, { ts, thread_ts, user, unfurl_id }: Message, links: Fields[]): Fields {
  return {
    type: 'link_shared',
    channel: channel.id,
    is_bot_user_member: isMember(channel, botUser),
    user,
    message_ts: ts,
    ...(thread_ts && { thread_ts }),
    unfurl_id,
    source: 'conversations_history',
    links,
    user_locale: 'en-US',
    event_ts: ts,
  }
}

/** A person changed in the workspace; sends the bot Slack's events. */
export async function announceUser(slack: Slack, name: string): Promise<Delivery> {
  const user = slack.workspace.users.find(({ id, name: known }) => id === name || known === name)
  if (!user) throw impossible(`There is nobody called ${name}.`)
  return emit(slack, {
    type: 'user_change',
    user: userObject(slack, user),
    cache_ts: Math.floor(slack.clock() / 1000),
    event_ts: nextTs(slack),
  })
}

/** Adds people to a user group or removes them, and tells the bot. */
export async function changeGroup(slack: Slack, id: string, users: string[]): Promise<Delivery> {
  const group = slack.workspace.usergroups.find((one) => one.id === id || one.handle === id)
  if (!group) throw impossible(`There is no user group ${id}.`)
  const added_users = users.filter((one) => !group.users.includes(one))
  const removed_users = group.users.filter((one) => !users.includes(one))
  const date_previous_update = group.date_update
  Object.assign(group, { users: [...users], date_update: Math.floor(slack.clock() / 1000) })
  slack.changed()
  return emit(slack, {
    type: 'subteam_members_changed',
    subteam_id: group.id,
    team_id: team,
    date_previous_update,
    date_update: group.date_update,
    added_users,
    added_users_count: added_users.length,
    removed_users,
    removed_users_count: removed_users.length,
    event_ts: nextTs(slack),
  })
}

/** Slack gives a channel another id, as when a private one is shared; its messages stay in it (docs/slack.md §8). */
export async function moves(slack: Slack, from: string, to: string): Promise<Delivery> {
  const { channels, messages } = slack.workspace
  const channel = channels.find(({ id }) => id === from)
  if (!channel) throw impossible(`There is no channel ${from}.`)
  channel.id = to
  for (const message of messages) if (message.channel === from) message.channel = to
  slack.changed()
  return emit(slack, { type: 'channel_id_changed', old_channel_id: from, new_channel_id: to, event_ts: nextTs(slack) }, { channel: to })
}

/** A person, or the bot, joins a channel. */
export async function joins(slack: Slack, name: string, id: string): Promise<Delivery> {
  const user = slack.workspace.users.find((one) => one.id === name || one.name === name)
  const channel = slack.workspace.channels.find((one) => one.id === id)
  if (!user || !channel) throw impossible(`There is no ${user ? id : name}.`)
  if (!isMember(channel, user.id)) channel.members.push(user.id)
  slack.changed()
  if (!isMember(channel, botUser)) return { ok: true, ack_ms: 0, ack: undefined }
  return emit(
    slack,
    { type: 'member_joined_channel', user: user.id, channel: channel.id, channel_type: 'C', team, event_ts: nextTs(slack) },
    { channel: channel.id },
  )
}
