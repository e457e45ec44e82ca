import { memo } from 'react'
import { Message, type Block as RenderedBlock } from 'slack-blocks-to-jsx'
import { useTheme } from '../theme.ts'
import type { Block } from '../types.ts'
import { useWorkspace } from '../workspace.ts'
import { mentions } from './mentions.tsx'

/** Read-only blocks besides text (rich text, tables, images), rendered by slack-blocks-to-jsx. */
export const Readable = memo(function Readable({ block }: { block: Block }) {
  const { people, apps, channels, usergroups } = useWorkspace()
  const theme = useTheme()
  const data = {
    users: [...people, ...apps].map(({ id, name }) => ({ id, name })),
    channels: channels.map(({ id, name }) => ({ id, name })),
    user_groups: usergroups.map(({ id, handle }) => ({ id, name: handle })),
  }
  // The renderer keeps the names that it got first, so it is mounted again when others arrive.
  const key = `${people.length}`
  // Slack's block types as the simulator checked them, which refuses those that the renderer does not know.
  return (
    <Message
      key={key}
      withoutWrapper
      // The simulator has checked the block.
      blocks={[drawable(block)] as unknown as RenderedBlock[]}
      name=""
      logo=""
      theme={theme}
      data={data}
      hooks={mentions}
    />
  )
})

/**
 * `verbatim` only tells Slack to leave bare addresses and names alone, and the simulator has done so already;
 * the renderer would show such a text without any markup.
 */
function drawable(block: Block): Block {
  return JSON.parse(JSON.stringify(block, (key, value: unknown) => (key === 'verbatim' ? undefined : value))) as Block // the same, but for one flag
}
