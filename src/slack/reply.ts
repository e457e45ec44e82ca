import type { RespondFn } from '@slack/bolt'
import type { Logger } from 'pino'
import type { Message } from './blocks.ts'
import type { Slack } from './clients.ts'
import { failureOf, readRespondError, readSlackError, type SlackError } from './errors.ts'
import { fitted } from './fitted.ts'
import { postCard } from './post-once.ts'

/** Where a reply goes. A response URL lives in memory only, for thirty minutes and five uses (docs/slack.md §2). */
export interface ReplyTo {
  user: string
  channel?: string | undefined
  respond?: RespondFn | undefined
  /** The message that a pressed button belongs to is redrawn, not followed by another. */
  replace?: boolean
  /** That message is one that the whole channel sees. */
  visible?: boolean
}

/** Where a reply came to stand; `unknown`: Slack's answer was lost, so it may stand in the channel or nowhere. */
export type Arrived = 'channel' | 'direct' | 'unknown'

interface Way {
  arrives: 'channel' | 'direct'
  go: () => Promise<SlackError | undefined>
}

/**
 * Says something to one person only: by the response URL, else as an ephemeral message in the channel, else as a direct message.
 * What Slack is known not to have shown goes the next way; where the answer was lost it may be read already, and is not said
 * again. Throws what a person could be told when Slack takes none of the three.
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

function waysOf(slack: Slack, to: ReplyTo, message: Message): Way[] {
  const { text, blocks } = fitted(message)
  const { respond, channel, user } = to
  const ways: (Way | undefined)[] = [
    respond && {
      arrives: 'channel',
      go: () =>
        attempt(
          () =>
            inTime(
              respond({ text, blocks, response_type: to.visible ? 'in_channel' : 'ephemeral', replace_original: to.replace ?? false }),
            ),
          readRespondError,
        ),
    },
    channel === undefined
      ? undefined
      : {
          arrives: 'channel',
          go: () => attempt(() => slack.cards.chat.postEphemeral({ channel, user, text, blocks }), readSlackError),
        },
    { arrives: 'direct', go: () => direct(slack, user, message) },
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

async function direct(slack: Slack, user: string, message: Message): Promise<SlackError | undefined> {
  // Nobody looks for it: what may stand there is not said again.
  const sent = await postCard(slack, { channel: user, message, marker: crypto.randomUUID() })
  return sent.became === 'posted' ? undefined : sent.problem
}

const patience = 10_000

/** Bolt gives a response URL all the time in the world. */
async function inTime<Answer>(call: Promise<Answer>): Promise<Answer> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('no answer in time')), patience)
  return Promise.race([call, late.promise]).finally(() => clearTimeout(timer))
}
