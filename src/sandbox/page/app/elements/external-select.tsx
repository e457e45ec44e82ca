import { useState } from 'react'
import { Combobox } from './combobox.tsx'
import type { ElementProps } from './surface.ts'

/** A menu whose options the bot suggests while a person types. */
export function ExternalSelect(props: ElementProps) {
  const { element, block, surface } = props
  const [labels, setLabels] = useState<Record<string, string>>({})
  const least = typeof element.min_query_length === 'number' ? element.min_query_length : 3
  const find = async (query: string) => {
    // Slack's client does not ask earlier, and the simulator would refuse.
    if ([...query].length < least) return { options: [], error: `Type ${least} characters or more.` }
    const found = await surface.options(block, element, query)
    setLabels((known) => ({ ...known, ...Object.fromEntries(found.options.map(({ value, text }) => [value, text])) }))
    return found
  }
  return <Combobox {...props} find={find} labelOf={(value) => labels[value] ?? value} />
}
