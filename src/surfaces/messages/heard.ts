import { z } from 'zod'
import { aMinute } from '../../core/durations.ts'
import type { Slack } from '../../slack/clients.ts'

/** A message that a person wrote to the bot: a direct message, or a mention in a channel. */
export interface Heard {
  user: string
  channel: string
  ts: string
  /** The first message of the thread in which it was written. */
  thread: string | undefined
  text: string
  isDirect: boolean
  event: string
  /** When it was written, in milliseconds. */
  at: number
}

/** The fields of `message` and `app_mention` that are used (docs/slack.md §4). Workflows and bots have no `user`. */
const fields = z.object({
  type: z.enum(['message', 'app_mention']),
  channel: z.string(),
  channel_type: z.string().optional(),
  user: z.string().optional(),
  bot_id: z.string().optional(),
  subtype: z.string().optional(),
  edited: z.unknown().optional(),
  text: z.string().catch(''),
  ts: z.string(),
  thread_ts: z.string().optional(),
})

const envelope = z.object({ event_id: z.string(), event_time: z.number().optional() })

// A message with a file, and a reply that the channel sees too, are messages of their author.
const ordinary = new Set([undefined, 'file_share', 'thread_broadcast'])

/** The message in an event. Undefined for edits, deletions, other apps, workflows and the bot itself (docs/SECURITY.md rule 43). */
export function heardIn(slack: Pick<Slack, 'user'>, event: unknown, body: unknown): Heard | undefined {
  const about = envelope.safeParse(body).data
  const said = fields.safeParse(event).data
  if (!about || !said) return undefined
  const { user, bot_id, subtype, edited, channel, ts } = said
  if (user === undefined || user === slack.user || bot_id !== undefined || !ordinary.has(subtype) || edited !== undefined) return undefined
  const isDirect = said.channel_type === 'im' || channel.startsWith('D')
  // In a channel only what mentions the bot is for it.
  if (said.type === 'message' && !isDirect) return undefined
  const at = Math.min(Number(ts) * 1000, (about.event_time ?? Number.POSITIVE_INFINITY) * 1000)
  return { user, channel, ts, thread: said.thread_ts, text: said.text, isDirect, event: about.event_id, at }
}

/** Slack repeats an event for up to an hour. After this time nobody expects it to change anything. */
const fresh = 5 * aMinute

/** Whether a message is too old to be answered, or says no time. `now` in milliseconds. */
export function isLate({ at }: Heard, now: number) {
  return !(now - at <= fresh)
}

/**
 * The command in a message: the text behind a mention of the bot at its beginning, or the whole direct message. `aside`: the bot
 * is mentioned in the middle of a sentence, which is meant for other people.
 */
export function commandIn({ text, isDirect }: Heard, bot: string): { command: string; aside: boolean } {
  const mention = new RegExp(`^[\\s\`*_]*<@${bot}(?:\\|[^<>]*)?>[\\s,:]*`)
  const rest = text.replace(mention, '')
  return { command: rest.replace(/^[\s`]*\/?quay(?:\s+|$)/i, '').replace(/`\s*$/, ''), aside: !isDirect && rest === text }
}
