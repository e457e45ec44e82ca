import type { KnownBlock } from '@slack/types'
import { type Message, note } from './blocks.ts'
import { type Modes, plainly } from './drawing.ts'
import { drawList } from './lists/draw.ts'
import type { SentBlock } from './message-blocks.ts'

const blocksAtMost = 48
// Slack counts the text of all blocks and refuses somewhere above 11,000 (docs/slack.md §0, point 3).
const charactersAtMost = 11_000

/** The message as Slack accepts it: lists, charts and plans as this workspace draws them, and without blocks at the end, except buttons. */
export function fitted({ text, blocks: all }: Message, modes: Modes): { text: string; blocks: SentBlock[] } {
  const blocks = drawn(all, modes)
  const actions = blocks.filter((block) => block.type === 'actions').slice(-4)
  let budget = charactersAtMost - sizeOf(actions)
  const kept: SentBlock[] = []
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

/** The blocks for places that have no tables, charts and plans: modals and App Home. */
export function plainBlocks(blocks: Message['blocks']): KnownBlock[] {
  return drawn(blocks, plainly) as KnownBlock[] // drawn plainly there is nothing else
}

const chartsAtMost = 2

function drawn(blocks: Message['blocks'], { table, chart, plan, cellButtons }: Modes): SentBlock[] {
  let charts = 0
  return blocks.flatMap((block): SentBlock[] => {
    if (block.type === 'list') return drawList(block, { table, cellButtons })
    if (block.type === 'steps') return plan ? [block.plan] : block.plain
    if (block.type !== 'data_visualization') return [block]
    charts += 1
    return chart && charts <= chartsAtMost ? [block] : []
  })
}

/** The characters that are drawn, and some for each block around them. */
function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + sizeOf(one), 0)
  if (typeof value !== 'object' || value === null) return 0
  return Object.entries(value).reduce(
    (sum, [key, one]) => sum + (typeof one === 'string' ? (/^(text|label|title|name)$/.test(key) ? [...one].length : 0) : sizeOf(one)),
    0,
  )
}
