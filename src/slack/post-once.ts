import { ErrorCode } from '@slack/web-api'
import type { Message } from './blocks.ts'
import type { Slack } from './clients.ts'
import { passing } from './errors.ts'
import { fitted } from './reply.ts'

/** What became of a message, as far as anybody knows. */
export type Sent =
  | { became: 'posted'; place: string; ts: string }
  /** Slack wants to be left alone for so many seconds, about this channel or this method. */
  | { became: 'limited'; seconds: number }
  /** The answer was lost: it may stand there, or not. */
  | { became: 'unknown' }
  /** Slack will never take a message for this channel. */
  | { became: 'closed'; error: string }
  /** The message to edit is gone. */
  | { became: 'gone' }
  /** Our own fault: the token, or the message itself. */
  | { became: 'refused'; error: string; detail: string }

interface Posting {
  channel: string
  message: Message
  /** Random, and in the message's metadata: `findOwn` finds it again. */
  marker: string
  thread: string | undefined
}

/** Posts a card, once: nothing is tried again here. */
export function postCard(slack: Slack, { channel, message, marker, thread }: Posting): Promise<Sent> {
  return sent(async () => {
    const metadata = { event_type: 'quaymaster_card', event_payload: { id: marker } }
    const { ts, channel: place } = await slack.cards.chat.postMessage({
      channel,
      ...fitted(message),
      metadata,
      ...(thread !== undefined && { thread_ts: thread }),
      unfurl_links: false,
      unfurl_media: false,
    })
    return { became: 'posted', place: place ?? channel, ts: ts ?? '' }
  })
}

export function editCard(slack: Slack, { place, ts, message }: { place: string; ts: string; message: Message }): Promise<Sent> {
  return sent(async () => {
    await slack.cards.chat.update({ channel: place, ts, ...fitted(message) })
    return { became: 'posted', place, ts }
  })
}

/**
 * The message with this marker, if it stands in the channel. `unknowable`: the bot may not read the channel's history, a
 * scope that is optional because it lets the bot read whole channels (security.md rule 19).
 */
export async function findOwn(
  slack: Slack,
  { channel, marker, thread, since }: { channel: string; marker: string; thread: string | undefined; since: number },
) {
  // A direct message that was never answered has no id yet.
  if (/^[UW]/.test(channel)) return 'unknowable' as const
  const asked = { channel, oldest: String(Math.floor(since / 1000) - 60), limit: 200, include_all_metadata: true }
  const found = await sent(async () => {
    for (let cursor = ''; ; ) {
      const page =
        thread === undefined
          ? await slack.cards.conversations.history({ ...asked, cursor })
          : await slack.cards.conversations.replies({ ...asked, ts: thread, cursor })
      const own = page.messages?.find(({ metadata }) => (metadata?.event_payload as { id?: string } | undefined)?.id === marker)
      if (own?.ts) return { became: 'posted', place: channel, ts: own.ts }
      cursor = page.response_metadata?.next_cursor ?? ''
      if (cursor === '') return { became: 'gone' }
    }
  })
  return found.became === 'refused' && found.error === 'missing_scope' ? ('unknowable' as const) : found
}

const closed = new Set(
  `channel_not_found not_in_channel is_archived is_inactive restricted_action restricted_action_read_only_channel
  restricted_action_non_threadable_channel restricted_action_thread_only_channel posting_to_channel_denied messages_tab_disabled
  user_disabled cannot_dm_bot`.split(/\s+/),
)
const gone = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed', 'cannot_reply_to_message', 'thread_not_found'])
const limited = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded'])

async function sent(call: () => Promise<Sent>): Promise<Sent> {
  try {
    return await call()
  } catch (error) {
    // The classes of @slack/web-api: what they have in common is a code.
    const { code, retryAfter, data } = error as {
      code?: string
      retryAfter?: number
      data?: { error?: string; response_metadata?: object }
    }
    if (code === ErrorCode.RateLimitedError) return { became: 'limited', seconds: retryAfter ?? 1 }
    if (code !== ErrorCode.PlatformError) return { became: 'unknown' }
    const word = data?.error ?? ''
    if (limited.has(word)) return { became: 'limited', seconds: 10 }
    if (passing.has(word)) return { became: 'unknown' }
    if (closed.has(word)) return { became: 'closed', error: word }
    return gone.has(word) ? { became: 'gone' } : { became: 'refused', error: word, detail: JSON.stringify(data?.response_metadata ?? {}) }
  }
}
