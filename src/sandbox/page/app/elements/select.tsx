import type { Workspace } from '../types.ts'
import { useWorkspace } from '../workspace.ts'
import { Combobox } from './combobox.tsx'
import { type ElementProps, optionsOf, type PlainOption, plainOption } from './surface.ts'

/** Menus with known options: the bot's own, people, channels. */
export function Select(props: ElementProps) {
  const workspace = useWorkspace()
  const all = offered(props, workspace)
  const find = async (query: string) => ({ options: all.filter(({ text }) => text.toLowerCase().includes(query.toLowerCase())) })
  return <Combobox {...props} find={find} labelOf={(value) => all.find((one) => one.value === value)?.text ?? value} />
}

function offered({ element }: ElementProps, { people, channels }: Workspace): PlainOption[] {
  if (element.type.endsWith('users_select')) return people.map(({ id, name, real_name }) => ({ value: id, text: `${name} (${real_name})` }))
  if (/(channels|conversations)_select$/.test(element.type)) return channels.map(({ id, name }) => ({ value: id, text: `#${name}` }))
  return optionsOf(element).map(plainOption)
}
