import type { KnownBlock } from '@slack/types'
import { type Message, note } from './blocks.ts'

const blocksAtMost = 48
// Slack counts the text of all blocks and refuses somewhere above 11,000 (docs/slack.md §0, point 3).
const charactersAtMost = 10_000

/** Drops blocks at the end, except buttons, so that Slack accepts the message. */
export function fitted({ text, blocks }: Message): Message {
  const actions = blocks.filter((block) => block.type === 'actions').slice(-4)
  let budget = charactersAtMost - sizeOf(actions)
  const kept: KnownBlock[] = []
  let cut = false
  for (const block of blocks.filter((one) => one.type !== 'actions' || actions.includes(one))) {
    // includes() takes only members.
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
