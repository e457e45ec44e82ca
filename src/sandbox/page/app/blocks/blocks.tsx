import { Interactive, isInteractive } from '../elements/interactive.tsx'
import type { Surface } from '../elements/surface.ts'
import type { Block } from '../types.ts'
import { InputBlock } from './input-block.tsx'
import { Readable } from './readable.tsx'

/** Block Kit: what is only read by the renderer, what is used by us. */
export function Blocks({ blocks, surface }: { blocks: Block[]; surface: Surface }) {
  return (
    <div className="blocks">
      {grouped(blocks).map((group) => (
        <Group key={keyOf(group)} group={group} surface={surface} />
      ))}
    </div>
  )
}

// Neighbours that are only read are drawn together: the renderer keeps their distances.
function grouped(blocks: Block[]): Block[][] {
  const groups: Block[][] = []
  for (const block of blocks) {
    const last = groups.at(-1)
    if (last && isRead(block) && last.every(isRead)) last.push(block)
    else groups.push([block])
  }
  return groups
}

function isRead({ type, accessory }: Block) {
  return type !== 'input' && type !== 'actions' && !(accessory && isInteractive(accessory))
}

const keyOf = ([first]: Block[]) => first?.block_id ?? first?.type ?? ''

function Group({ group, surface }: { group: Block[]; surface: Surface }) {
  const [block] = group
  if (!block || isRead(block)) return <Readable blocks={group} />
  const id = block.block_id ?? ''
  if (block.type === 'input') return <InputBlock block={block} surface={surface} />
  if (block.type === 'actions') {
    return (
      <div className="actions" role="group" aria-label="Actions">
        {block.elements?.map((element) => (
          <Interactive key={element.action_id} element={element} block={id} surface={surface} />
        ))}
      </div>
    )
  }
  const { accessory, ...read } = block
  return (
    <div className="with-accessory">
      <Readable blocks={[read]} />
      {accessory && <Interactive element={accessory} block={id} surface={surface} />}
    </div>
  )
}
