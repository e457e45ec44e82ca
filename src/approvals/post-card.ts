import type { Bot } from '../context.ts'
import type { Message } from '../slack/blocks.ts'
import { fitted } from '../slack/reply.ts'

export interface Posted {
  channel: string
  ts: string
}

interface Where {
  channel: string
  /** Of the message that is edited; undefined: it is to be posted. */
  ts: string | undefined
  /** The request, for the message's metadata. */
  id: string
  since: number
  /** An earlier attempt may have posted it and died before it could say so. */
  lookFirst: boolean
}

const eventType = 'quaymaster_request'
// What is gone is posted anew; everything else that Slack refuses is told.
const gone = new Set(['message_not_found', 'cant_update_message'])

/** Edits a message in place, or posts it. Throws what Slack answers. */
export async function putMessage(bot: Bot, where: Where, message: Message): Promise<Posted> {
  const { text, blocks } = fitted(message)
  const ts = where.ts ?? (where.lookFirst ? await findPosted(bot, where) : undefined)
  const channel = ts === undefined || !/^[UW]/.test(where.channel) ? where.channel : await directMessage(bot, where.channel)
  if (ts !== undefined) {
    try {
      await bot.slack.messages.chat.update({ channel, ts, text, blocks })
      return { channel, ts }
    } catch (error) {
      if (!gone.has(slackProblem(error).reason)) throw error
    }
  }
  const metadata = { event_type: eventType, event_payload: { id: where.id } }
  const posted = await bot.slack.messages.chat.postMessage({
    channel: where.channel,
    text,
    blocks,
    metadata,
    unfurl_links: false,
    unfurl_media: false,
  })
  return { channel: posted.channel ?? where.channel, ts: posted.ts ?? '' }
}

/** Our own message of this request, where the optional history scopes let the bot read (security.md rule 19). */
async function findPosted(bot: Bot, { channel, id, since }: Where) {
  try {
    const where = /^[UW]/.test(channel) ? await directMessage(bot, channel) : channel
    const { messages = [] } = await bot.slack.messages.conversations.history({
      channel: where,
      oldest: String(Math.floor(since / 1000) - 60),
      include_all_metadata: true,
      limit: 200,
    })
    return messages.find(({ metadata }) => metadata?.event_type === eventType && (metadata.event_payload as { id?: string }).id === id)?.ts
  } catch (error) {
    bot.log.info({ reason: slackProblem(error).reason }, 'the channel cannot be searched for an earlier card')
    return undefined
  }
}

async function directMessage(bot: Bot, user: string) {
  const { channel } = await bot.slack.messages.conversations.open({ users: user })
  return channel?.id ?? user
}

/** Slack's word for what it did not take, how many seconds to leave it alone, and whether it named them itself. */
export function slackProblem(error: unknown): { reason: string; retryAfter: number; limited: boolean } {
  const { data, retryAfter, message } = error as { data?: { error?: string }; retryAfter?: number; message?: string }
  return { reason: data?.error ?? message ?? 'no answer', retryAfter: retryAfter ?? 5, limited: retryAfter !== undefined }
}
