import type { Confirm, Element, Option } from '../types.ts'

/** What an element needs of the message, modal or home it stands in. */
export interface Surface {
  /** What was wrong at the last submit, by field. */
  errors: Record<string, string>
  /** What stands in a field now, as the simulator and this window know it. */
  current(block: string, element: Element): unknown
  /** Remembers what was typed or chosen, and tells the bot where the block asks for that. */
  change(block: string, element: Element, value: unknown): void
  /** A button, or a menu that tells the bot at once. */
  press(block: string, element: Element, value?: unknown): Promise<void>
  options(block: string, element: Element, query: string): Promise<{ options: PlainOption[]; error?: string }>
  /** Asks before something counts. */
  confirm(question: Confirm): Promise<boolean>
  busy: string | undefined
}

export interface PlainOption {
  text: string
  value: string
  description?: string
}

export interface ElementProps {
  element: Element
  block: string
  surface: Surface
  id?: string
  labelled?: string
  described?: string
  invalid?: boolean
  required?: boolean
}

/** The field an input stands for: its block id up to a colon, as the control API names it. */
export function fieldOf(block: string) {
  return block.split(':')[0] ?? block
}

/** What goes by a field's name: where several share the word before the colon, each goes by its whole id. */
export function ofField<Value>(values: Record<string, Value>, block: string): Value | undefined {
  return values[block] ?? values[fieldOf(block)]
}

export function plainOption({ text, value, description }: Option): PlainOption {
  return { text: text.text, value, ...(description && { description: description.text }) }
}

/** All options of a menu, groups flattened. */
export function optionsOf({ options = [], option_groups = [] }: Element): Option[] {
  return [...options, ...option_groups.flatMap((group) => group.options)]
}

/** What ties an element to its label, hint and error for a screen reader. */
export function described({ id, labelled, described: by, invalid, required, element }: ElementProps) {
  return {
    ...(id && { id }),
    ...(by && { 'aria-describedby': by }),
    ...(invalid && { 'aria-invalid': true }),
    ...(required && { 'aria-required': true }),
    ...(!labelled && { 'aria-label': element.accessibility_label ?? element.placeholder?.text ?? element.action_id }),
  }
}
