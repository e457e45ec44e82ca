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
  /** The person on the other side of a direct message with the bot. */
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
  /** Given out with link_shared; chat.unfurl may name it instead of the timestamp. */
  unfurl_id?: string
  /** How often the bot has changed it. */
  changed?: number
  /** People whose press or menu choice went wrong see a badge on the message. */
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
  /** What stands in the inputs now: block id → action id → state. */
  typed: Record<string, Record<string, Fields>>
  /** What the last submission was answered with: block id → sentence. */
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
  /** Open modals of everybody, the newest last. */
  views: View[]
  /** What each person's App Home shows. */
  homes: View[]
  usergroups: Usergroup[]
  files: StoredFile[]
  /** What the app was installed with; at first everything the manifest asks for. */
  scopes: string[]
  /** Slack's rate limits: one message a second and channel, and the tiers of the methods. Tests run fast without them. */
  rateLimits: boolean
  /** Slack's own is 3000. */
  ackDeadline: number
  /** The sum of all text in the blocks of a message; undocumented, seen between 11,300 and 13,300 (facts 0.3). */
  cumulativeText: number
}

/** A public channel in which nothing was said yet. */
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

/** The direct message of a person with the bot, opened where there is none yet. */
export function directMessage(workspace: Workspace, user: string): Channel {
  const open = workspace.channels.find((one) => one.is_im && one.user === user)
  if (open) return open
  const made = { ...newChannel(`D0${user.slice(2)}`, '', '', [user, botUser]), is_im: true, is_private: true, user }
  workspace.channels.push(made)
  return made
}

/** Whether somebody sees what is said in a channel. */
export function isMember(channel: Channel, user: string) {
  return channel.members.includes(user)
}
