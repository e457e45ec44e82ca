import { useTold } from './announce.tsx'
import { post } from './control.ts'
import { Menu } from './elements/menu.tsx'
import { Icon } from './icon.tsx'
import { say } from './words.ts'
import { useWorkspace } from './workspace.ts'

/** The app's global shortcuts from its manifest, behind one button next to the input line. */
export function Shortcuts({ user }: { user: string }) {
  const told = useTold()
  const { shortcuts } = useWorkspace()
  const run = async (callback_id: string) => told(await post('shortcut', { user, callback_id }))
  const items = shortcuts
    .filter(({ type }) => type === 'global')
    .map(({ name, callback_id }) => ({ key: callback_id, label: name, choose: () => void run(callback_id) }))
  if (items.length === 0) return null
  return <Menu label={say('Shortcuts')} opener={<Icon name="bolt" />} items={items} side="above" />
}
