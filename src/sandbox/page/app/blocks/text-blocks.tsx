import type { ComponentType } from 'react'
import type { Block, Text } from '../types.ts'
import { Markup } from './markup.tsx'
import { withEmoji } from './parse-markup.ts'

const kinds: Record<string, ComponentType<{ block: Block }>> = {
  header: Header,
  section: Section,
  context: Context,
  divider: () => <hr />,
}

/** Whether a block consists of text only. */
export function isText({ type }: Block) {
  return type in kinds
}

/** Text blocks: headings, paragraphs, columns and context. */
export function TextBlock({ block }: { block: Block }) {
  const Kind = kinds[block.type]
  return Kind && <Kind block={block} />
}

interface SectionParts {
  text?: Text
  fields?: Text[]
}

function Header({ block }: { block: Block }) {
  const { text } = block as SectionParts // the simulator has checked it
  return <h3 className="header-block">{withEmoji(text?.text ?? '')}</h3>
}

function Section({ block }: { block: Block }) {
  const { text, fields } = block as SectionParts // the simulator has checked it
  return (
    <div className="section-block">
      {text && <TextOf text={text} />}
      {fields && (
        <ul className="fields">
          {fields.map((one) => (
            <li key={one.text}>
              <TextOf text={one} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

interface ContextPart extends Text {
  alt_text?: string
}

function Context({ block }: { block: Block }) {
  const parts = (block.elements ?? []) as unknown as ContextPart[] // texts and pictures only, as the simulator has checked
  return (
    <div className="context-block">
      {/* No picture is fetched from anywhere: its words stand for it. */}
      {parts.map((one) => (one.text === undefined ? <span key={one.alt_text}>{one.alt_text}</span> : <TextOf key={one.text} text={one} />))}
    </div>
  )
}

function TextOf({ text: { type, text } }: { text: Text }) {
  return type === 'mrkdwn' ? <Markup text={text} /> : <p>{withEmoji(text)}</p>
}
