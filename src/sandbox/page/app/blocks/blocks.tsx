import { Interactive, isInteractive } from '../elements/interactive.tsx'
import type { Surface } from '../elements/surface.ts'
import type { Block, Element } from '../types.ts'
import { InputBlock } from './input-block.tsx'
import { Readable } from './readable.tsx'
import { isText, TextBlock } from './text-blocks.tsx'

/** Block Kit: text and whatever can be used by us, the rest by the renderer. */
export function Blocks({ blocks, surface }: { blocks: Block[]; surface: Surface }) {
  return (
    <div className="blocks">
      {blocks.map((block, index) => (
        <OneBlock key={keyOf(block, index)} block={block} surface={surface} />
      ))}
    </div>
  )
}

// Slack gives blocks without an id of the bot's a new one with every redraw: by it, whatever has the focus would be lost each time.
// An input's id is the bot's, which gives it another one to have it begin anew.
function keyOf({ type, block_id }: Block, index: number) {
  return type === 'input' ? block_id : `${index} ${type}`
}

// By its words a button is the same one after another came before it, as Newer does before Older.
function nameOf({ text, action_id }: Element, all: Element[]) {
  const isAlone = text !== undefined && all.filter((one) => one.text?.text === text.text).length === 1
  return isAlone ? text.text : action_id
}

function OneBlock({ block, surface }: { block: Block; surface: Surface }) {
  const id = block.block_id ?? ''
  if (block.type === 'input') return <InputBlock block={block} surface={surface} />
  if (block.type === 'actions') {
    return (
      <div className="actions">
        {block.elements?.map((element, _, all) => (
          <Interactive key={nameOf(element, all)} element={element} block={id} surface={surface} />
        ))}
      </div>
    )
  }
  const { accessory } = block
  if (!isText(block)) return <Readable block={block} />
  if (!accessory) return <TextBlock block={block} />
  return (
    <div className="with-accessory">
      <TextBlock block={block} />
      {isInteractive(accessory) ? <Interactive element={accessory} block={id} surface={surface} /> : <Picture element={accessory} />}
    </div>
  )
}

/** The page asks no other machine for anything: the picture's words stand for it. */
function Picture({ element }: { element: Element }) {
  return <span className="picture">{String(element.alt_text ?? '')}</span>
}
