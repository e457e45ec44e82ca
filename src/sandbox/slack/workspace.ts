import type { Fields } from './json.ts'
import { botUser, type User } from './people.ts'

export interface Team {
  id: string
  name: string
  domain: string
}

export interface Channel {
  id: string
  name: string
  created: number
  creator: string
  is_im: boolean
  is_private: boolean
  is_general: boolean
  is_archived: boolean
  is_ext_shared: boolean
  members: string[]
  topic: string
  purpose: string
  /** The person in a direct message with the bot. */
  user?: string
}

/** A message as it is stored; `only_for` makes it ephemeral. */
export interface Message {
  type: 'message'
  subtype?: string
  ts: string
  channel: string
  user: string
  team: string
  bot_id?: string
  app_id?: string
  text: string
  blocks?: Fields[]
  attachments?: Fields[]
  files?: Fields[]
  reactions?: { name: string; users: string[]; count: number }[]
  metadata?: Fields
  thread_ts?: string
  edited?: { user: string; ts: string }
  only_for?: string
  reply_broadcast?: boolean
  username?: string
  /** Sent with link_shared; chat.unfurl may use it instead of the timestamp. */
  unfurl_id?: string
  /** The number of changes by the bot. */
  changed?: number
  /** People whose last action on the message failed; their client shows a badge. */
  failed_for?: string[]
  typed?: Record<string, Record<string, Fields>>
}

export interface View {
  id: string
  user: string
  type: 'modal' | 'home'
  callback_id: string
  external_id: string
  private_metadata: string
  title: Fields | null
  submit: Fields | null
  close: Fields | null
  blocks: Fields[]
  clear_on_close: boolean
  notify_on_close: boolean
  hash: string
  root_view_id: string
  previous_view_id: string | null
  /** The present values of the inputs: block id → action id → state. */
  typed: Record<string, Record<string, Fields>>
  /** The errors of the last submission: block id → sentence. */
  errors: Record<string, string>
  /** "We had some trouble connecting. Try again?" */
  trouble?: string
}

export interface Usergroup {
  id: string
  handle: string
  name: string
  description: string
  users: string[]
  date_create: number
  date_update: number
  date_delete: number
}

export interface StoredFile {
  id: string
  name: string
  title: string
  user: string
  size: number
  created: number
  content?: Buffer
  channels: string[]
  completed: boolean
}

export interface Workspace {
  teams: Team[]
  users: User[]
  channels: Channel[]
  messages: Message[]
  /** All open modals, newest last. */
  views: View[]
  /** The published App Home of each person. */
  homes: View[]
  usergroups: Usergroup[]
  files: StoredFile[]
  /** The granted scopes; at first all that the manifest requests. */
  scopes: string[]
  /** Slack's rate limits: one message per second and channel, and the tiers of the methods. Tests run without them to be fast. */
  rateLimits: boolean
  /** Slack's own is 3000. */
  ackDeadline: number
  /** Maximum total text in the blocks of a message; undocumented, measured between 11,300 and 13,300 (docs/slack.md §0). */
  cumulativeText: number
  /** The ids of messages that are to be posted later. */
  scheduled: string[]
}

/** An empty public channel. */
export function newChannel(id: string, name: string, purpose: string, members: string[]): Channel {
  return {
    id,
    name,
    created: 1_700_000_000,
    creator: 'U0DORA',
    is_im: false,
    is_private: false,
    is_general: false,
    is_archived: false,
    is_ext_shared: false,
    members,
    topic: '',
    purpose,
  }
}

/** A person by id or name. */
export function findUser(workspace: Workspace, who: string) {
  return workspace.users.find(({ id, name }) => id === who || name === who.replace(/^@/, ''))
}

/** A channel by id or name. */
export function findChannel(workspace: Workspace, which: string) {
  return workspace.channels.find(({ id, name, is_im }) => id === which || (!is_im && name === which.replace(/^#/, '')))
}

/** The direct message of a person with the bot, created if necessary. */
export function directMessage(workspace: Workspace, user: string): Channel {
  const open = workspace.channels.find((one) => one.is_im && one.user === user)
  if (open) return open
  const made = { ...newChannel(`D0${user.slice(2)}`, '', '', [user, botUser]), is_im: true, is_private: true, user }
  workspace.channels.push(made)
  return made
}

/** Whether a person can see the messages of a channel. */
export function isMember(channel: Channel, user: string) {
  return channel.members.includes(user)
}
