import type { Translate } from '../core/i18n.ts'
import { type Message, note } from './blocks.ts'
import type { Slack } from './clients.ts'
import { readSlackError, type SlackError } from './errors.ts'
import type { fitted } from './fitted.ts'
import { sendDrawn } from './send-drawn.ts'

/** The outcome of posting a message, as far as known. */
export type Sent =
  | { became: 'posted'; place: string; ts: string }
  /** Slack rate limits this channel or method for so many seconds. */
  | { became: 'limited'; seconds: number; problem: SlackError }
  /** The answer was lost, so the message may or may not exist. */
  | { became: 'unknown'; problem: SlackError }
  /** Slack does not accept messages for this channel or person until somebody solves the problem. */
  | { became: 'closed'; error: string; problem: SlackError }
  /** The message to edit does not exist. */
  | { became: 'gone'; problem: SlackError }
  /** The token, a scope, or a bug of ours. */
  | { became: 'refused'; error: string; detail: string; problem: SlackError }

export interface Posting {
  /** A channel, or a person for their direct message with the bot. */
  channel: string
  message: Message
  /** A random marker in the message's metadata, by which `findOwn` finds it again. */
  marker: string
  thread?: string | undefined
  /** A reply in a thread that the channel shows too. */
  broadcast?: boolean | undefined
}

/** Posts a message once. There is no retry here, because after a lost answer the message may exist already. */
export function postCard(slack: Slack, { channel, message, marker, thread, broadcast }: Posting): Promise<Sent> {
  const metadata = { event_type: 'quaymaster_card', event_payload: { id: marker } }
  return drawnTo(slack, channel, message, async (shown) => {
    const { ts, channel: place } = await slack.cards.chat.postMessage({
      channel,
      ...shown,
      metadata,
      ...(thread !== undefined && (broadcast ? { thread_ts: thread, reply_broadcast: true } : { thread_ts: thread })),
      unfurl_links: false,
      unfurl_media: false,
    })
    return { became: 'posted', place: place ?? channel, ts: ts ?? '' }
  })
}

/** A refused message does not exist, so it can be sent again plainly. */
function drawnTo(slack: Slack, to: string, message: Message, send: (shown: ReturnType<typeof fitted>) => Promise<Sent>) {
  const problemOf = (result: Sent) => (result.became === 'posted' ? undefined : result.problem)
  return sendDrawn(slack, message, { to, send: (shown) => sent(() => send(shown)), problemOf })
}

/** Draws a message that was posted before anew. What Slack refuses is in the result. */
export function editCard(slack: Slack, { place, ts, message }: { place: string; ts: string; message: Message }): Promise<Sent> {
  return drawnTo(slack, place, message, async (shown) => {
    await slack.cards.chat.update({ channel: place, ts, ...shown })
    return { became: 'posted', place, ts }
  })
}

/** Deletes a message of the bot's own; one that Slack does not delete stays. */
export async function deleteCard(slack: Slack, { place, ts }: { place: string; ts: string }): Promise<void> {
  await slack.cards.chat.delete({ channel: place, ts }).catch((err: unknown) => slack.log.info({ err }, 'could not delete a message'))
}

/**
 * Finds the message with this marker in the channel; `gone`: it is not there. `unknowable`: the bot may not read the
 * channel's history, because that scope is optional: it lets the bot read whole channels (docs/SECURITY.md rule 19).
 */
export async function findOwn(
  slack: Slack,
  { channel, marker, thread, since }: { channel: string; marker: string; thread?: string | undefined; since: number },
): Promise<Sent | 'unknowable'> {
  const found = await sent(async () => {
    const place = await placeOf(slack, channel)
    const asked = { channel: place, oldest: String(Math.floor(since / 1000) - 60), limit: 200, include_all_metadata: true }
    for (let cursor = ''; ; ) {
      const page =
        thread === undefined
          ? await slack.cards.conversations.history({ ...asked, cursor })
          : await slack.cards.conversations.replies({ ...asked, ts: thread, cursor })
      const own = page.messages?.find(({ metadata }) => (metadata?.event_payload as { id?: string } | undefined)?.id === marker) // compared with a string only
      if (own?.ts) return { became: 'posted', place, ts: own.ts }
      cursor = page.response_metadata?.next_cursor ?? ''
      if (cursor === '') return { became: 'gone', problem: { kind: 'gone', error: 'message_not_found' } }
    }
  })
  return found.became === 'refused' && found.problem.kind === 'scope' ? 'unknowable' : found
}

/** Opens the direct message with a person and returns its channel. */
async function placeOf(slack: Slack, channel: string) {
  if (!/^[UW]/.test(channel)) return channel
  const { channel: opened } = await slack.cards.conversations.open({ users: channel })
  return opened?.id ?? channel
}

async function sent(call: () => Promise<Sent>): Promise<Sent> {
  try {
    return await call()
  } catch (error) {
    const problem = readSlackError(error)
    // Any other error does not prove that the message was refused.
    return problem ? became(problem) : { became: 'unknown', problem: { kind: 'lost', error: String(error) } }
  }
}

function became(problem: SlackError): Sent {
  switch (problem.kind) {
    case 'limited':
      return { became: 'limited', seconds: problem.seconds, problem }
    case 'unreachable':
      return { became: 'limited', seconds: 5, problem }
    case 'lost':
      return { became: 'unknown', problem }
    case 'gone':
      return { became: 'gone', problem }
    case 'channel':
    case 'person':
      return { became: 'closed', error: problem.error, problem }
    default:
      return { became: 'refused', error: problem.error, detail: problem.kind === 'refused' ? problem.detail : '', problem }
  }
}

/** Without the history scopes nobody knows whether the first message arrived, so the second says that it counts. */
export function superseding({ text, blocks }: Message, t: Translate): Message {
  return {
    text,
    blocks: [...blocks, note(t('Slack did not confirm an earlier copy of this message. If you see both, this one is current.'))],
  }
}
