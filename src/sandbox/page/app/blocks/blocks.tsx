import { Interactive, isInteractive } from '../elements/interactive.tsx'
import type { Surface } from '../elements/surface.ts'
import type { Block, Element } from '../types.ts'
import { DataChart } from './chart.tsx'
import { DataTable } from './data-table.tsx'
import { InputBlock } from './input-block.tsx'
import { Plan } from './plan.tsx'
import { Readable } from './readable.tsx'
import { isText, TextBlock } from './text-blocks.tsx'

/** Renders Block Kit: text and interactive blocks by us, the others by the renderer. */
export function Blocks({ blocks, surface }: { blocks: Block[]; surface: Surface }) {
  return (
    <div className="blocks">
      {blocks.map((block, index) => (
        <OneBlock key={keyOf(block, index)} block={block} surface={surface} />
      ))}
    </div>
  )
}

// Slack gives blocks without an id a new one at every update. As a key it would lose the focus each time.
// The id of an input is the bot's, which changes it to reset the input.
function keyOf({ type, block_id }: Block, index: number) {
  return type === 'input' ? block_id : `${index} ${type}`
}

// A button is recognized by its label even if another precedes it, as Newer does Older.
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
  if (block.type === 'data_table') return <DataTable block={block} surface={surface} />
  if (block.type === 'data_visualization') return <DataChart block={block} />
  if (block.type === 'plan') return <Plan block={block} />
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

/** The page loads nothing from other hosts, so an image is shown by its alternative text. */
function Picture({ element }: { element: Element }) {
  return <span className="picture">{String(element.alt_text ?? '')}</span>
}
