import { useState } from 'react'
import { useTold } from './announce.tsx'
import { post } from './control.ts'
import { ofField, type Surface } from './elements/surface.ts'
import { labelled, optionsIn } from './message-surface.ts'
import type { Block, Confirm, Element, View } from './types.ts'

/** The surface of a modal or App Home: inputs wait for Submit, other elements notify the bot at once. */
export function useViewSurface(user: string, view: View, confirm: (question: Confirm) => Promise<boolean>) {
  const [typed, setTyped] = useState<Record<string, unknown>>({})
  const [busy, setBusy] = useState<string>()
  const told = useTold()
  const about = { user, view_id: view.id }
  /** Values typed here and not sent yet. Fields that an update removed are dropped. */
  const values = () => Object.fromEntries(Object.entries(typed).filter(([block]) => view.blocks.some(({ block_id }) => block_id === block)))
  const act = async (key: string, path: string, body: object) => {
    setBusy(key)
    const answer = await post(path, { ...about, ...body })
    setBusy(undefined)
    return answer
  }
  const press = async (block: string, element: Element, value: unknown = element.value) => {
    // The values of the inputs are sent with a press, as by Slack's client.
    if (Object.keys(values()).length > 0) await post('fill', { ...about, values: values() })
    told(
      await act(`${block} ${element.action_id}`, 'action', {
        action_id: element.action_id,
        ...labelled(element),
        ...(value !== undefined && { value }),
      }),
    )
  }
  const surface: Surface = {
    errors: view.errors,
    busy,
    confirm,
    press,
    current: (block) => (block in typed ? typed[block] : ofField(view.fields, block)) ?? undefined,
    change: (block, element, value) => {
      const { isInput, tells } = kindOf(view.blocks, block)
      if (isInput) setTyped((before) => ({ ...before, [block]: value }))
      if (tells) void press(block, element, value)
    },
    options: async (block, _element, query) => optionsIn(await post('options', { ...about, field: block, query })),
  }
  const submit = async () => {
    const answer = await act('submit', 'submit', { values: values() })
    // Errors of fields are shown below them; any other error is shown as trouble in the modal.
    if (Object.keys((answer.errors as object | undefined) ?? {}).length === 0) told(answer)
  }
  return { surface, submit }
}

function kindOf(blocks: Block[], id: string) {
  const block = blocks.find(({ block_id }) => block_id === id)
  const isInput = block?.type === 'input'
  return { isInput, tells: !isInput || block.dispatch_action === true }
}
