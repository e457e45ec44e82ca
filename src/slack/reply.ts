import type { RespondFn } from '@slack/bolt'
import type { KnownBlock } from '@slack/types'
import type { Logger } from 'pino'
import { type Message, note } from './blocks.ts'
import type { Slack } from './clients.ts'

/** Where a reply goes. A response URL lives in memory only, for thirty minutes and five uses (slack/facts.md §2). */
export interface ReplyTo {
  user: string
  channel?: string | undefined
  respond?: RespondFn | undefined
  /** The message that a pressed button belongs to is redrawn, not followed by another. */
  replace?: boolean
  /** That message is one that the whole channel sees. */
  visible?: boolean
}

/**
 * Says something to one person only: by the response URL, else as an ephemeral message in the channel, else as a
 * direct message. Throws when Slack takes none of the three.
 */
export async function reply(slack: Slack, log: Logger, to: ReplyTo, message: Message): Promise<void> {
  const { text, blocks } = fitted(message)
  const ways = [
    to.respond &&
      (() => to.respond?.({ text, blocks, response_type: to.visible ? 'in_channel' : 'ephemeral', replace_original: to.replace ?? false })),
    to.channel && (() => slack.messages.chat.postEphemeral({ channel: to.channel ?? '', user: to.user, text, blocks })),
    () => slack.messages.chat.postMessage({ channel: to.user, text, blocks, unfurl_links: false, unfurl_media: false }),
  ].filter((way) => typeof way === 'function')
  for (const [index, way] of ways.entries()) {
    try {
      await way()
      return
    } catch (error) {
      if (index === ways.length - 1) throw error
      log.info({ err: error }, 'a way to reply is closed, trying the next')
    }
  }
}

const blocksAtMost = 48
// Slack counts the text of all blocks and refuses somewhere above 11,000 (slack/facts.md §0.3).
const charactersAtMost = 10_000

/** Leaves out the blocks at the end that Slack would refuse the whole message for, but keeps the buttons. */
export function fitted({ text, blocks }: Message): Message {
  const actions = blocks.filter((block) => block.type === 'actions').slice(-4)
  let budget = charactersAtMost - sizeOf(actions)
  const kept: KnownBlock[] = []
  let cut = false
  for (const block of blocks.filter((one) => one.type !== 'actions' || actions.includes(one))) {
    if (actions.includes(block as (typeof actions)[number])) {
      kept.push(block)
      continue
    }
    budget -= sizeOf([block])
    if (budget >= 0 && kept.length < blocksAtMost - actions.length) kept.push(block)
    else if (!cut) cut = kept.push(note('…')) > 0
  }
  return { text, blocks: kept }
}

function sizeOf(blocks: KnownBlock[]) {
  return [...JSON.stringify(blocks)].length
}
