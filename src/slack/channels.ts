import { remember } from '../memory.ts'
import type { Slack } from './clients.ts'

/** Whether people of other workspaces are in a channel. What Slack does not tell counts as yes. */
export async function isShared(slack: Slack, channel: string): Promise<boolean> {
  try {
    const { channel: found } = await remember(slack.people, channel, () => slack.directory.conversations.info({ channel }))
    return found?.is_ext_shared === true || found?.is_pending_ext_shared === true
  } catch (error) {
    // A direct message with the bot has nobody else in it, and its scope (im:read) is not needed for that alone.
    return !channel.startsWith('D') || !(error instanceof Error)
  }
}
