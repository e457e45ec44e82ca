import type { Bot } from '../context.ts'
import { Failure } from '../core/failure.ts'
import type { Translate } from '../core/i18n.ts'
import { type Message, mention, note } from '../slack/blocks.ts'
import { isShared } from '../slack/channels.ts'
import type { MessageBlock } from '../slack/message-blocks.ts'

/** Checks that people of other workspaces would see nothing of a private repository (docs/SECURITY.md rule 22). Throws `denied`. */
export async function assertNotShared(bot: Bot, channel: string) {
  if (await isShared(bot.slack, channel))
    throw new Failure(
      'denied',
      'People from other workspaces can read this channel, so nothing is shared here. Copy only what they are allowed to see.',
    )
}

/** A reply as posted in the channel: with the name of its author, and without the buttons that are only for them. */
export function sharedBy(person: string, { text, blocks }: Message, t: Translate): Message {
  const kept = blocks.flatMap((block): MessageBlock[] => {
    if (block.type !== 'actions') return [block]
    const elements = block.elements.filter(({ action_id = '' }) => action_id.startsWith('page:'))
    return elements.length > 0 ? [{ ...block, elements }] : []
  })
  return { text, blocks: [...kept, note(t('Shared by {person}.', { person: mention(person) }))] }
}
