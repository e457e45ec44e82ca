import { useRef, useState } from 'react'
import { safe } from '../blocks/mentions.tsx'
import type { Option } from '../types.ts'
import { useOutside } from './outside.ts'
import type { ElementProps } from './surface.ts'

/** The menu behind three dots. */
export function Overflow({ element, block, surface }: ElementProps) {
  const [open, setOpen] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const box = useOutside<HTMLDivElement>(() => setOpen(false))
  const close = () => {
    setOpen(false)
    opener.current?.focus()
  }
  const choose = async ({ value, url }: Option) => {
    close()
    if (element.confirm && !(await surface.confirm(element.confirm))) return
    const address = url && safe(url)
    if (address) window.open(address, '_blank', 'noopener')
    await surface.press(block, element, value)
  }
  return (
    <div className="menu" ref={box} onKeyDown={(event) => moveThrough(event, close)}>
      <button
        ref={opener}
        type="button"
        className="button icon"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label="More"
        onClick={() => setOpen(!open)}
      >
        ⋯
      </button>
      {open && (
        <div className="popup" role="menu" aria-label="More">
          {element.options?.map((option, index) => (
            <button
              key={option.value}
              type="button"
              role="menuitem"
              className="item"
              autoFocus={index === 0}
              onClick={() => void choose(option)}
            >
              {option.text.text}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}

/** Arrows move through the entries of a menu, Escape closes it. */
function moveThrough(event: React.KeyboardEvent<HTMLElement>, close: () => void) {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=menuitem]')]
  const at = items.indexOf(document.activeElement as HTMLElement)
  if (event.key === 'Escape' && items.length > 0) {
    event.stopPropagation()
    close()
  } else if (event.key === 'ArrowDown') items[(at + 1) % items.length]?.focus()
  else if (event.key === 'ArrowUp') items.at(at - 1)?.focus()
  else return
  event.preventDefault()
}
