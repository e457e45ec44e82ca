import { safe } from '../blocks/safe.ts'
import { Icon } from '../icon.tsx'
import type { Option } from '../types.ts'
import { say } from '../words.ts'
import { Menu } from './menu.tsx'
import type { ElementProps } from './surface.ts'

/** The menu behind three dots. */
export function Overflow({ element, block, surface }: ElementProps) {
  const choose = async ({ value, url }: Option) => {
    if (element.confirm && !(await surface.confirm(element.confirm))) return
    const address = url && safe(url)
    if (address) window.open(address, '_blank', 'noopener')
    await surface.press(block, element, value)
  }
  const items = (element.options ?? []).map((option) => ({
    key: option.value,
    label: option.text.text,
    choose: () => void choose(option),
  }))
  return <Menu label={element.accessibility_label ?? say('More')} opener={<Icon name="more" />} items={items} />
}
