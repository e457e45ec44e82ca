import { cached } from '../core/ttl-cache.ts'
import type { Slack } from './clients.ts'
import { readSlackError } from './errors.ts'

/**
 * Whether people of other workspaces are in a channel or invited to it. Throws the errors of Slack's client: the caller decides
 * what an unknown channel means.
 */
export async function isShared(slack: Slack, channel: string): Promise<boolean> {
  // A direct message with the bot has no other reader, so the scope im:read is not required for it.
  if (channel.startsWith('D')) return false
  const { channel: found } = await cached(slack.people, channel, () => slack.directory.conversations.info({ channel }))
  return found?.is_ext_shared === true || found?.is_pending_ext_shared === true
}

export interface ChannelFacts {
  /** People of other workspaces are members or invited. */
  shared: boolean
  /** The bot is a member. */
  member: boolean
}

/** What the bot must know before it posts in a channel on its own; undefined if it cannot see the channel. Throws when Slack does not answer. */
export async function findChannel(slack: Slack, channel: string): Promise<ChannelFacts | undefined> {
  // A direct message has no other reader, so the scope im:read is not required for it.
  if (/^[DUW]/.test(channel)) return { shared: false, member: true }
  try {
    const { channel: found } = await cached(slack.people, channel, () => slack.directory.conversations.info({ channel }))
    // Not cached, because people invite the bot and try again at once.
    if (!found?.is_member) slack.people.delete(channel)
    return { shared: found?.is_ext_shared === true || found?.is_pending_ext_shared === true, member: found?.is_member === true }
  } catch (error) {
    if (readSlackError(error)?.error === 'channel_not_found') return undefined
    throw error
  }
}

const members = 1000
const pages = 20

/** Whether a person is a member of a channel. False for a channel with more members than can be read. */
export async function isMember(slack: Slack, channel: string, user: string): Promise<boolean> {
  let cursor = ''
  for (let page = 0; page < pages; page += 1) {
    const { members: found = [], response_metadata: next } = await slack.directory.conversations.members({
      channel,
      limit: members,
      cursor,
    })
    if (found.includes(user)) return true
    cursor = next?.next_cursor ?? ''
    if (!cursor) return false
  }
  return false
}
