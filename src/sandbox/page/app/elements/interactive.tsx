import type { ComponentType } from 'react'
import type { Element } from '../types.ts'
import { say } from '../words.ts'
import { ButtonElement } from './button.tsx'
import { Choices } from './choices.tsx'
import { ExternalSelect } from './external-select.tsx'
import { Overflow } from './overflow.tsx'
import { Picker } from './picker.tsx'
import { Select } from './select.tsx'
import type { ElementProps } from './surface.ts'
import { TextInput } from './text-input.tsx'

const kinds: Record<string, ComponentType<ElementProps>> = {
  button: ButtonElement,
  workflow_button: ButtonElement,
  overflow: Overflow,
  radio_buttons: Choices,
  checkboxes: Choices,
  datepicker: Picker,
  timepicker: Picker,
  datetimepicker: Picker,
  plain_text_input: TextInput,
  email_text_input: TextInput,
  url_text_input: TextInput,
  number_input: TextInput,
  rich_text_input: TextInput,
  static_select: Select,
  multi_static_select: Select,
  users_select: Select,
  multi_users_select: Select,
  channels_select: Select,
  multi_channels_select: Select,
  conversations_select: Select,
  multi_conversations_select: Select,
  external_select: ExternalSelect,
  multi_external_select: ExternalSelect,
}

/** Whether a person can use this element. */
export function isInteractive({ type }: Element) {
  return type in kinds
}

/** An element that can be pressed, chosen or typed into. */
export function Interactive(props: ElementProps) {
  const Kind = kinds[props.element.type]
  return Kind ? (
    <Kind {...props} />
  ) : (
    <span className="unknown">
      {props.element.type} {say('cannot be used in the sandbox page.')}
    </span>
  )
}
