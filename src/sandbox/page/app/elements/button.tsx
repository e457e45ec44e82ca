import { safe } from '../blocks/safe.ts'
import { Icon } from '../icon.tsx'
import type { ElementProps } from './surface.ts'

/** A button. One with a URL opens it and still notifies the bot. */
export function ButtonElement({ element, block, surface }: ElementProps) {
  const { text, style = 'default', url, confirm, accessibility_label } = element
  const key = `${block} ${element.action_id}`
  const press = async () => {
    if (confirm && !(await surface.confirm(confirm))) return
    const address = url && safe(url)
    if (address) window.open(address, '_blank', 'noopener')
    await surface.press(block, element)
  }
  return (
    <button
      type="button"
      className={`button ${style}`}
      aria-label={accessibility_label}
      aria-busy={surface.busy === key}
      onClick={() => void press()}
    >
      {text?.text}
      {url && <Icon name="window" size={14} />}
    </button>
  )
}
