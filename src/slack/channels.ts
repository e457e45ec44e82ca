import { cached } from '../core/ttl-cache.ts'
import type { Slack } from './clients.ts'
import { readSlackError } from './errors.ts'

/**
 * Whether people of other workspaces are in a channel, or are invited. Throws what Slack answers: who asks decides what follows from
 * a channel that nobody knows.
 */
export async function isShared(slack: Slack, channel: string): Promise<boolean> {
  // A direct message with the bot has nobody else in it, and its scope (im:read) is not needed for that alone.
  if (channel.startsWith('D')) return false
  const { channel: found } = await cached(slack.people, channel, () => slack.directory.conversations.info({ channel }))
  return found?.is_ext_shared === true || found?.is_pending_ext_shared === true
}

export interface ChannelFacts {
  /** People of other workspaces are in it, or are invited. */
  shared: boolean
  /** The bot is in it. */
  member: boolean
}

/** What the bot must know before it posts there by itself; undefined: there is no such channel for it. Throws when Slack cannot be asked. */
export async function findChannel(slack: Slack, channel: string): Promise<ChannelFacts | undefined> {
  // A direct message has nobody else in it, and its scope (im:read) is not needed for that alone.
  if (/^[DUW]/.test(channel)) return { shared: false, member: true }
  try {
    const { channel: found } = await cached(slack.people, channel, () => slack.directory.conversations.info({ channel }))
    // Whoever is told to invite the bot does that at once and tries again.
    if (!found?.is_member) slack.people.delete(channel)
    return { shared: found?.is_ext_shared === true || found?.is_pending_ext_shared === true, member: found?.is_member === true }
  } catch (error) {
    if (readSlackError(error)?.error === 'channel_not_found') return undefined
    throw error
  }
}

const members = 1000
const pages = 20

/** Whether somebody is in a channel. In one of more people than can be read it says no. */
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
