import type { Confirm, Element, Option } from '../types.ts'

/** What an element needs from its message, modal or App Home. */
export interface Surface {
  /** Errors of the last submission, by field. */
  errors: Record<string, string>
  /** The present value of a field, as the simulator and this window know it. */
  current(block: string, element: Element): unknown
  /** Stores a typed or chosen value, and notifies the bot if the block requires it. */
  change(block: string, element: Element, value: unknown): void
  /** A button, or a menu that notifies the bot at once. */
  press(block: string, element: Element, value?: unknown): Promise<void>
  options(block: string, element: Element, query: string): Promise<{ options: PlainOption[]; error?: string }>
  /** Shows a confirmation dialog. */
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

/** The field of an input: its block id up to a colon, as the control API names it. */
export function fieldOf(block: string) {
  return block.split(':')[0] ?? block
}

/** The name of a field: the part before the colon, or the whole id if several fields share that part. */
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

/** Connects an element with its label, hint and error for a screen reader. */
export function described({ id, labelled, described: by, invalid, required, element }: ElementProps) {
  return {
    ...(id && { id }),
    ...(by && { 'aria-describedby': by }),
    ...(invalid && { 'aria-invalid': true }),
    ...(required && { 'aria-required': true }),
    ...(!labelled && { 'aria-label': element.accessibility_label ?? element.placeholder?.text ?? element.action_id }),
  }
}
