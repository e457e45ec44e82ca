import type { Block } from '@slack/types'
import type { Message } from './blocks.ts'
import type { Slack } from './clients.ts'
import { isRefusedDrawing, modesOf, type NewBlock, newIn, plainly, rememberRefusal, unsupportedIn } from './drawing.ts'
import { readSlackError, type SlackError } from './errors.ts'
import { fitted } from './fitted.ts'
import type { SentBlock } from './message-blocks.ts'

interface Sending<Result> {
  /** A channel, or a person. */
  to: string
  send(shown: { text: string; blocks: SentBlock[] }): Promise<Result>
  problemOf(result: Result): SlackError | undefined
}

/**
 * Sends a message with the blocks that this workspace draws. If Slack refuses them, the same message goes out plainly at once.
 * Only what the workspace lacks is remembered: the same refusal is given for wrong data, and one long name must not end all tables.
 */
export async function sendDrawn<Result>(slack: Slack, message: Message, { to, send, problemOf }: Sending<Result>): Promise<Result> {
  const { drawing } = slack
  const shown = fitted(message, modesOf(drawing))
  const result = await send(shown)
  const problem = problemOf(result)
  const used = newIn(shown.blocks)
  if (!problem || used.length === 0 || !isRefusedDrawing(problem)) return result
  for (const block of used) drawing.observe(block, 'refused')
  slack.log.warn({ blocks: used, reason: problem }, 'Slack refused blocks; the message is sent without them')
  const again = await send(fitted(message, plainly))
  // Refused without them too: it was not about them.
  if (problemOf(again)) return again
  const unsupported = unsupportedIn(problem, used)
  for (const block of unsupported) rememberRefusal(drawing, block)
  if (unsupported.length === 0) await tryAll(slack, to, used)
  return again
}

async function tryAll(slack: Slack, to: string, used: NewBlock[]) {
  for (const block of used) if (await isLacking(slack, to, block)) rememberRefusal(slack.drawing, block)
}

const cell = (text: string) => ({ type: 'raw_text', text })
const known: Record<NewBlock, Block & Record<string, unknown>> = {
  data_table: { type: 'data_table', caption: 'Quay', rows: [[cell('Tag')], [cell('latest')]] },
  data_visualization: { type: 'data_visualization', title: 'Quay', chart: { type: 'pie', segments: [{ label: 'Tags', value: 1 }] } },
  plan: { type: 'plan', title: 'Quay', tasks: [{ type: 'task_card', task_id: 'tag', title: 'Tag', status: 'complete' }] },
}

// It is deleted at once; if that fails it is seen in a hundred days.
const inAHundredDays = 100 * 86_400

/** Whether the workspace refuses even a tiny block that is right. It is scheduled, so that nobody sees it, and deleted. */
async function isLacking(slack: Slack, to: string, block: NewBlock): Promise<boolean> {
  try {
    const channel = /^[UW]/.test(to) ? ((await slack.cards.conversations.open({ users: to })).channel?.id ?? to) : to
    const post_at = Math.floor(slack.drawing.clock() / 1000) + inAHundredDays
    const { scheduled_message_id } = await slack.cards.chat.scheduleMessage({ channel, post_at, text: 'Quay', blocks: [known[block]] })
    if (scheduled_message_id) await slack.cards.chat.deleteScheduledMessage({ channel, scheduled_message_id })
    return false
  } catch (error) {
    const problem = readSlackError(error)
    if (!problem || !isRefusedDrawing(problem)) slack.log.info({ err: error }, 'could not find out whether this workspace has a block')
    return problem !== undefined && isRefusedDrawing(problem)
  }
}
