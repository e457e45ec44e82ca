import { requireScope } from '../access.ts'
import { isArchived, knownChannel, requireChannelScope } from '../channels.ts'
import { type Fields, fieldsOf, textOf } from '../json.ts'
import { isTrue, outwardly } from '../messages.ts'
import { page } from '../paging.ts'
import { botUser, isPerson, team } from '../people.ts'
import { refuse } from '../refusal.ts'
import { type Slack, seconds } from '../simulation.ts'
import { type Channel, directMessage, findUser, isMember } from '../workspace.ts'
import type { Method } from './method.ts'

const reading = ['channels:read', 'groups:read', 'im:read', 'mpim:read']
const histories = ['channels:history', 'groups:history', 'im:history', 'mpim:history']

export const conversationMethods: Record<string, Method> = {
  'conversations.info': { scopes: reading, perMinute: 50, formOnly: true, required: ['channel'], run: info },
  'conversations.list': { scopes: reading, perMinute: 20, formOnly: true, run: list },
  'users.conversations': { scopes: reading, perMinute: 50, formOnly: true, run: ofUser },
  'conversations.members': { scopes: reading, perMinute: 100, formOnly: true, required: ['channel'], run: members },
  'conversations.open': { scopes: ['im:write', 'mpim:write', 'channels:manage', 'groups:write'], perMinute: 50, run: open },
  'conversations.join': { scopes: ['channels:join'], perMinute: 50, required: ['channel'], run: join },
  'conversations.history': { scopes: histories, perMinute: 50, required: ['channel'], run: history },
  'conversations.replies': { scopes: histories, perMinute: 50, formOnly: true, required: ['channel', 'ts'], run: replies },
}

function info(slack: Slack, given: Fields) {
  const channel = knownChannel(slack, given.channel)
  requireChannelScope(slack, channel, 'read')
  const count = isTrue(given.include_num_members) ? { num_members: channel.members.length } : {}
  const locale = isTrue(given.include_locale) ? { locale: 'en-US' } : {}
  return { channel: { ...channelObject(slack, channel), ...count, ...locale } }
}

/** A channel in the format of conversations.info (doc-examples/conversations.info.json). */
function channelObject(slack: Slack, channel: Channel): Fields {
  const { members: _members, topic, purpose, user, name, is_im, ...rest } = channel
  if (is_im)
    return { id: channel.id, created: channel.created, is_im, is_org_shared: false, user, is_archived: false, is_open: true, priority: 0 }
  const set = (value: string) => ({ value, creator: channel.creator, last_set: channel.created })
  return {
    ...rest,
    name,
    name_normalized: name,
    is_im,
    is_mpim: false,
    is_channel: !channel.is_private,
    is_group: channel.is_private,
    is_archived: isArchived(slack, channel),
    is_member: isMember(channel, botUser),
    is_shared: channel.is_ext_shared,
    is_org_shared: false,
    context_team_id: team,
    shared_team_ids: channel.is_ext_shared ? slack.workspace.teams.map(({ id }) => id) : [team],
    topic: set(topic),
    purpose: set(purpose),
    previous_names: [],
  }
}

const kinds = ['public_channel', 'private_channel', 'mpim', 'im']

function listed(slack: Slack, given: Fields, isIncluded: (channel: Channel) => boolean) {
  const types = (textOf(given.types) || 'public_channel').split(',').map((one) => one.trim())
  if (types.some((type) => !kinds.includes(type))) throw refuse('invalid_types')
  const kind = (one: Channel) => (one.is_im ? 'im' : one.is_private ? 'private_channel' : 'public_channel')
  for (const type of types) requireScope(slack, [scopeOfType[type] ?? ''])
  const all = slack.workspace.channels
    .filter((one) => types.includes(kind(one)) && (!one.is_private || isMember(one, botUser)) && isIncluded(one))
    .filter((one) => !isTrue(given.exclude_archived) || !isArchived(slack, one))
  const { items, response_metadata } = page(all, given)
  return { channels: items.map((one) => channelObject(slack, one)), response_metadata }
}

const scopeOfType: Record<string, string> = {
  public_channel: 'channels:read',
  private_channel: 'groups:read',
  mpim: 'mpim:read',
  im: 'im:read',
}

function list(slack: Slack, given: Fields) {
  return listed(slack, given, () => true)
}

function ofUser(slack: Slack, given: Fields) {
  return listed(slack, given, (channel) => isMember(channel, textOf(given.user) || botUser))
}

function members(slack: Slack, given: Fields) {
  const channel = knownChannel(slack, given.channel)
  requireChannelScope(slack, channel, 'read')
  const { items, response_metadata } = page(channel.members, given)
  return { members: items, response_metadata }
}

function open(slack: Slack, given: Fields) {
  const ids = textOf(given.users)
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
  if (ids.length === 0) return reopen(slack, given)
  if (ids.length > 8) throw refuse('too_many_users')
  requireScope(slack, [ids.length === 1 ? 'im:write' : 'mpim:write'])
  const user = findUser(slack.workspace, ids[0] ?? '')
  if (!user || user.id !== ids[0]) throw refuse('user_not_found')
  if (user.deleted) throw refuse('user_disabled')
  if (user.is_stranger) throw refuse('user_not_visible')
  if (!isPerson(user)) throw refuse('invalid_user_combination')
  // The sandbox has no group conversations, because Quaymaster opens none.
  if (ids.length > 1) throw refuse('invalid_user_combination')
  const existed = slack.workspace.channels.some((one) => one.is_im && one.user === user.id)
  const channel = directMessage(slack.workspace, user.id)
  return {
    ...(existed && { no_op: true, already_open: true }),
    channel: isTrue(given.return_im) ? channelObject(slack, channel) : { id: channel.id },
  }
}

function reopen(slack: Slack, given: Fields) {
  if (!given.channel) throw refuse('users_list_not_supplied')
  const channel = knownChannel(slack, given.channel)
  if (!channel.is_im) throw refuse('method_not_supported_for_channel_type')
  return { no_op: true, already_open: true, channel: { id: channel.id } }
}

function join(slack: Slack, given: Fields) {
  const channel = knownChannel(slack, given.channel)
  if (channel.is_im || channel.is_private) throw refuse('method_not_supported_for_channel_type')
  if (isArchived(slack, channel)) throw refuse('is_archived')
  if (!isMember(channel, botUser)) channel.members.push(botUser)
  slack.changed()
  return { channel: channelObject(slack, channel) }
}

function readable(slack: Slack, given: Fields) {
  const channel = knownChannel(slack, given.channel)
  requireChannelScope(slack, channel, 'history')
  if (!isMember(channel, botUser)) throw refuse('not_in_channel')
  return slack.workspace.messages.filter((one) => one.channel === channel.id && !one.only_for && inWindow(slack, one.ts, given))
}

function inWindow(slack: Slack, ts: string, { oldest, latest, inclusive }: Fields) {
  const at = Number(ts)
  const from = Number(oldest ?? 0)
  const to = Number(latest ?? seconds(slack) + 60)
  if (Number.isNaN(from)) throw refuse('invalid_ts_oldest')
  if (Number.isNaN(to)) throw refuse('invalid_ts_latest')
  return isTrue(inclusive) ? at >= from && at <= to : at > from && at < to
}

function messagePage(all: Fields[], given: Fields) {
  const { items, response_metadata } = page(all, given)
  const shown = items.map((one) => (isTrue(given.include_all_metadata) ? one : without(one)))
  return { messages: shown, has_more: response_metadata.next_cursor !== '', response_metadata }
}

function without({ metadata: _metadata, ...message }: Fields): Fields {
  return message
}

function history(slack: Slack, given: Fields) {
  const all = readable(slack, given).filter(({ ts, thread_ts, reply_broadcast }) => !thread_ts || thread_ts === ts || reply_broadcast)
  return { ...messagePage(all.reverse().map(outwardly), given), pin_count: 0 }
}

function replies(slack: Slack, given: Fields) {
  const all = readable(slack, { ...given, inclusive: true }).filter(({ ts, thread_ts }) => ts === given.ts || thread_ts === given.ts)
  if (all.length === 0) throw refuse('thread_not_found')
  return messagePage(
    all.map((one) => fieldsOf(outwardly(one))),
    given,
  )
}
