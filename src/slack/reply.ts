import type { RespondFn } from '@slack/bolt'
import type { Logger } from 'pino'
import type { Message } from './blocks.ts'
import type { Slack } from './clients.ts'
import { failureOf, readRespondError, readSlackError, type SlackError } from './errors.ts'
import type { fitted } from './fitted.ts'
import { postCard } from './post-once.ts'
import { sendDrawn } from './send-drawn.ts'

/** Where a reply goes. A response URL is kept in memory only, for thirty minutes and five uses (docs/slack.md §2). */
export interface ReplyTo {
  user: string
  channel?: string | undefined
  /** The first message of the thread to reply in. */
  thread?: string | undefined
  /** The channel is the person's direct message with the bot, where a reply is posted normally. */
  isDirect?: boolean
  respond?: RespondFn | undefined
  /** Replace the message of the pressed button instead of posting another. */
  replace?: boolean
  /** The whole channel sees that message. */
  visible?: boolean
}

/** Where the reply was posted; `unknown`: Slack's answer was lost, so the reply may be in the channel or nowhere. */
export type Arrived = 'channel' | 'direct' | 'unknown'

interface Way {
  arrives: 'channel' | 'direct'
  go: () => Promise<SlackError | undefined>
}

/**
 * Replies to one person: by the response URL, otherwise as an ephemeral message, otherwise as a direct message.
 * The next way is tried only if Slack certainly did not show the reply; after a lost answer it may have been read and is not
 * repeated. Throws a Failure, or an error of Slack's, if none of the three ways works.
 */
export async function reply(slack: Slack, log: Logger, to: ReplyTo, message: Message): Promise<Arrived> {
  let last: SlackError | undefined
  for (const { arrives, go } of waysOf(slack, to, message)) {
    const problem = await go()
    if (!problem) return arrives
    log.info({ reason: problem.error }, 'one way to reply failed; trying the next')
    if (problem.kind === 'lost') return 'unknown'
    last = problem
  }
  throw (last && failureOf(last)) ?? new Error(`Slack takes no reply: ${last?.error}`)
}

type Shown = ReturnType<typeof fitted>

function waysOf(slack: Slack, to: ReplyTo, message: Message): Way[] {
  const { respond, channel, thread, user } = to
  const drawn = (place: string, send: (shown: Shown) => Promise<SlackError | undefined>) =>
    sendDrawn(slack, message, { to: place, send, problemOf: (problem) => problem })
  const ways: (Way | undefined)[] = [
    respond && {
      arrives: 'channel',
      go: () =>
        // The channel may be one that the bot is not in.
        drawn(user, (shown) =>
          attempt(
            () =>
              inTime(respond({ ...shown, response_type: to.visible ? 'in_channel' : 'ephemeral', replace_original: to.replace ?? false })),
            readRespondError,
          ),
        ),
    },
    channel === undefined || to.isDirect
      ? undefined
      : {
          arrives: 'channel',
          // Without a thread it would stand at the end of the channel; with one that nobody began it would not be shown.
          go: () =>
            drawn(channel, (shown) =>
              attempt(
                () => slack.cards.chat.postEphemeral({ channel, user, ...shown, ...(thread !== undefined && { thread_ts: thread }) }),
                readSlackError,
              ),
            ),
        },
    { arrives: 'direct', go: () => direct(slack, to, message) },
  ]
  return ways.filter((way) => way !== undefined)
}

async function attempt(call: () => Promise<unknown>, read: (error: unknown) => SlackError | undefined) {
  try {
    await call()
    return undefined
  } catch (error) {
    const problem = read(error)
    if (!problem) throw error
    return problem
  }
}

async function direct(
  slack: Slack,
  { user, channel = user, thread, isDirect }: ReplyTo,
  message: Message,
): Promise<SlackError | undefined> {
  const place = isDirect ? { channel, thread } : { channel: user }
  // Ephemeral messages cannot be looked for, so one that may exist is not repeated.
  const sent = await postCard(slack, { ...place, message, marker: crypto.randomUUID() })
  return sent.became === 'posted' ? undefined : sent.problem
}

const patience = 10_000

/** The answer of a response URL, for which Bolt sets no timeout. Throws after ten seconds. */
export async function inTime<Answer>(call: Promise<Answer>): Promise<Answer> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('no answer in time')), patience)
  return Promise.race([call, late.promise]).finally(() => clearTimeout(timer))
}
