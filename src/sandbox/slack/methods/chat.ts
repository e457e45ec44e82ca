import { requireScope } from '../access.ts'
import { destination, isArchived, knownChannel } from '../channels.ts'
import { emit } from '../events.ts'
import { type Fields, fieldsOf, isFields, textOf } from '../json.ts'
import { isWatched } from '../manifest.ts'
import { type Content, channelType, edit, isEmpty, isTrue, outwardly, post, readContent, remove, structured } from '../messages.ts'
import { botId, botUser } from '../people.ts'
import { refuse } from '../refusal.ts'
import { nextId, nextTs, type Slack } from '../simulation.ts'
import { type Channel, findUser, isMember, type Message } from '../workspace.ts'
import type { Method } from './method.ts'

const scopes = ['chat:write']

export const chatMethods: Record<string, Method> = {
  'chat.postMessage': { scopes, perMinute: 60, required: ['channel'], run: postMessage },
  'chat.postEphemeral': { scopes, perMinute: 100, required: ['channel', 'user'], run: postEphemeral },
  'chat.update': { scopes, perMinute: 50, required: ['channel', 'ts'], run: update },
  'chat.delete': { scopes, perMinute: 50, required: ['channel', 'ts'], run: deleteMessage },
  'chat.getPermalink': { perMinute: 600, formOnly: true, required: ['channel', 'message_ts'], run: permalink },
  'chat.scheduleMessage': { scopes, perMinute: 50, required: ['channel', 'post_at'], run: scheduleMessage },
  'chat.deleteScheduledMessage': { scopes, perMinute: 50, required: ['channel', 'scheduled_message_id'], run: deleteScheduled },
  'chat.unfurl': { scopes: ['links:write'], perMinute: 50, run: unfurl },
}

function postMessage(slack: Slack, given: Fields) {
  if (given.username || given.icon_url || given.icon_emoji) requireScope(slack, ['chat:write.customize'])
  const channel = destination(slack, given.channel)
  const content = readContent(slack, given, { budget: slack.workspace.cumulativeText })
  if (isEmpty(content)) throw refuse('no_text')
  const message = post(slack, { channel: channel.id, ...threadOf(slack, channel, given), ...look(given) }, content)
  echo(slack, channel, outwardly(message))
  return { channel: channel.id, ts: message.ts, message: outwardly(message) }
}

const furthest = 120 * 86_400

/** Takes a message for later. None of them is ever posted here: ours are deleted before. */
function scheduleMessage(slack: Slack, given: Fields) {
  const channel = destination(slack, given.channel)
  const at = Number(given.post_at)
  if (!(at > slack.clock() / 1000)) throw refuse('time_in_past')
  if (at > slack.clock() / 1000 + furthest) throw refuse('time_too_far')
  const content = readContent(slack, given, { budget: slack.workspace.cumulativeText })
  if (isEmpty(content)) throw refuse('no_text')
  const id = nextId(slack, 'Q')
  slack.workspace.scheduled.push(id)
  return { channel: channel.id, scheduled_message_id: id, post_at: at }
}

function deleteScheduled(slack: Slack, given: Fields) {
  const { scheduled } = slack.workspace
  if (!scheduled.includes(textOf(given.scheduled_message_id))) throw refuse('invalid_scheduled_message_id')
  slack.workspace.scheduled = scheduled.filter((id) => id !== given.scheduled_message_id)
  return {}
}

/** The bot gets events of its own messages too, and must ignore them (docs/slack.md §10). */
function echo(slack: Slack, channel: Channel, event: Fields) {
  void emit(slack, { ...event, channel: channel.id, channel_type: channelType(channel), event_ts: nextTs(slack) }, { channel: channel.id })
}

function look({ username }: Fields) {
  return username ? { subtype: 'bot_message', username: String(username) } : {}
}

/** A reply names the first message of the thread, as a string. Replies to replies do not exist. */
function threadOf(slack: Slack, channel: Channel, given: Fields): { thread_ts?: string; reply_broadcast?: boolean } {
  if (given.thread_ts === undefined || given.thread_ts === '') return {}
  const parent = slack.workspace.messages.find(({ ts, channel: where }) => ts === given.thread_ts && where === channel.id)
  if (!parent || parent.only_for || (parent.thread_ts && parent.thread_ts !== parent.ts)) throw refuse('cannot_reply_to_message')
  parent.thread_ts = parent.ts
  return { thread_ts: parent.ts, ...(isTrue(given.reply_broadcast) && { reply_broadcast: true }) }
}

/** Posts to one person, who must be in the channel; the message is gone after a reload (docs/slack.md §6). */
function postEphemeral(slack: Slack, given: Fields) {
  const channel = destination(slack, given.channel)
  // Unlike chat.postMessage, this requires the bot to be in the channel.
  if (!isMember(channel, botUser)) throw refuse('not_in_channel')
  const user = findUser(slack.workspace, textOf(given.user))
  if (!user || user.id !== given.user || user.deleted || !isMember(channel, user.id)) throw refuse('user_not_in_channel')
  const content = readContent(slack, given, { budget: slack.workspace.cumulativeText, maxText: 4000 })
  if (isEmpty(content)) throw refuse('no_text')
  const thread = threadOf(slack, channel, given)
  // In a thread that nobody has begun it is taken and never shown (docs/slack.md §18).
  if (thread.thread_ts && !isBegun(slack, channel, thread.thread_ts)) return { message_ts: nextTs(slack) }
  const message = post(slack, { channel: channel.id, only_for: user.id, ...thread }, content)
  return { message_ts: message.ts }
}

function isBegun({ workspace }: Slack, { id }: Channel, thread: string) {
  return workspace.messages.some(
    ({ channel, thread_ts, ts, only_for }) => channel === id && thread_ts === thread && ts !== thread && !only_for,
  )
}

/** Messages that are not ephemeral; the timestamp of an ephemeral message is unknown to the Web API. */
function lasting(slack: Slack, channel: Channel, ts: unknown): Message {
  const message = slack.workspace.messages.find((one) => one.ts === ts && one.channel === channel.id && !one.only_for)
  if (!message) throw refuse('message_not_found')
  return message
}

function update(slack: Slack, given: Fields) {
  const channel = knownChannel(slack, given.channel)
  const message = lasting(slack, channel, given.ts)
  if (message.bot_id !== botId) throw refuse('cant_update_message')
  if (isArchived(slack, channel)) throw refuse('is_inactive')
  const content = readContent(slack, given, { budget: slack.workspace.cumulativeText, maxText: 4000 })
  if (Object.keys(content).length === 0 && given.file_ids === undefined) throw refuse('no_text')
  refuseMismatch(message, content)
  edit(slack, message, content)
  echo(slack, channel, { type: 'message', subtype: 'message_changed', hidden: true, ts: nextTs(slack), message: outwardly(message) })
  return { channel: channel.id, ts: message.ts, text: message.text, message: outwardly(message) }
}

// Rich text stays rich text (docs/slack.md §6 chat.update).
function refuseMismatch(message: Message, { blocks }: Content) {
  const rich = (all: Fields[] = []) => all.some(({ type }) => type === 'rich_text')
  if (blocks && blocks.length > 0 && rich(message.blocks) && !rich(blocks)) throw refuse('block_mismatch')
}

function deleteMessage(slack: Slack, given: Fields) {
  const channel = knownChannel(slack, given.channel)
  const message = lasting(slack, channel, given.ts)
  if (message.bot_id !== botId) throw refuse('cant_delete_message')
  remove(slack, message)
  return { channel: channel.id, ts: message.ts }
}

function permalink(slack: Slack, given: Fields) {
  const channel = knownChannel(slack, given.channel)
  const { ts, thread_ts } = lasting(slack, channel, given.message_ts)
  const thread = thread_ts && thread_ts !== ts ? `?thread_ts=${thread_ts}&cid=${channel.id}` : ''
  const domain = slack.workspace.teams[0]?.domain
  return { channel: channel.id, permalink: `https://${domain}.slack.com/archives/${channel.id}/p${ts.replace('.', '')}${thread}` }
}

/** Only URLs in the message, and only of the app's own domains (docs/slack.md §4 link_shared). */
function mayUnfurl({ manifest }: Slack, { text }: Message, url: string) {
  return text.replaceAll('&amp;', '&').includes(url) && isWatched(manifest, URL.parse(url)?.hostname ?? '')
}

function unfurl(slack: Slack, given: Fields) {
  const { channel, ts, unfurl_id, source } = given
  if (!(channel && ts) && !(unfurl_id && source)) throw refuse(channel ? 'missing_ts' : unfurl_id ? 'missing_source' : 'missing_channel')
  if (given.unfurls === undefined) throw refuse('missing_unfurls')
  const unfurls = structured(given.unfurls)
  if (!isFields(unfurls) || !Object.values(unfurls).every(isFields)) throw refuse('invalid_unfurls_format')
  const message = slack.workspace.messages.find((one) => (ts ? one.ts === ts && one.channel === channel : one.unfurl_id === unfurl_id))
  if (!message) throw refuse(ts ? 'cannot_find_message' : 'invalid_unfurl_id')
  for (const url of Object.keys(unfurls)) if (!mayUnfurl(slack, message, url)) throw refuse('cannot_unfurl_url')
  const shown = Object.entries(unfurls).map(([from_url, one]) => ({ from_url, is_app_unfurl: true, ...fieldsOf(one) }))
  message.attachments = readContent(slack, { attachments: shown }).attachments
  slack.changed()
  return {}
}
