import { useState } from 'react'
import { useTold } from './announce.tsx'
import { post } from './control.ts'
import { fieldOf, type PlainOption, type Surface } from './elements/surface.ts'
import type { Confirm, Element, Option } from './types.ts'

interface Place {
  user: string
  channel: string
  ts: string
}

/** The surface of a message: its buttons and menus notify the bot at once. */
export function useMessageSurface(place: Place, confirm: (question: Confirm) => Promise<boolean>): Surface {
  const [chosen, setChosen] = useState<Record<string, unknown>>({})
  const [busy, setBusy] = useState<string>()
  const told = useTold()
  const press = async (block: string, element: Element, value: unknown = element.value) => {
    setBusy(`${block} ${element.action_id}`)
    const answer = await post('press', {
      ...place,
      action_id: element.action_id,
      ...labelled(element),
      ...(value !== undefined && { value }),
    })
    setBusy(undefined)
    told(answer)
  }
  return {
    errors: {},
    busy,
    confirm,
    press,
    current: (block, element) => chosen[`${block} ${element.action_id}`] ?? initialOf(element),
    change: (block, element, value) => {
      setChosen((before) => ({ ...before, [`${block} ${element.action_id}`]: value }))
      void press(block, element, value)
    },
    options: async (block, element, query) =>
      optionsIn(await post('options', { ...place, field: element.action_id || fieldOf(block), query })),
  }
}

/** Two buttons may have the same value and differ only in their labels. */
export function labelled({ type, text }: Element) {
  return type === 'button' && text ? { label: text.text } : {}
}

export function optionsIn({ options, error }: { options?: unknown; error?: string }) {
  return { options: Array.isArray(options) ? (options as PlainOption[]) : [], ...(error && { error }) } // the control API's own shape
}

const initials = [
  'initial_value',
  'initial_date',
  'initial_time',
  'initial_date_time',
  'initial_user',
  'initial_users',
  'initial_channel',
  'initial_channels',
  'initial_conversation',
  'initial_conversations',
]

/** The initial value of an element, as a plain value. */
export function initialOf(element: Element): unknown {
  const { initial_option: one, initial_options: several } = element as { initial_option?: Option; initial_options?: Option[] } // the simulator has checked it
  if (one) return one.value
  if (several) return several.map(({ value }) => value)
  return initials.map((name) => element[name]).find((value) => value !== undefined)
}
