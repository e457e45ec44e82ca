import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { useOutside } from './outside.ts'

interface Props {
  label: string
  opener: ReactNode
  items: { key: string; label: string; choose(): void }[]
  /** Whether the list opens below or above its button. */
  side?: 'below' | 'above'
}

/** A button with a menu. Arrows move; Escape closes and returns the focus; Tab closes and moves on. */
export function Menu({ label, opener, items, side = 'below' }: Props) {
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const close = () => {
    setOpen(false)
    button.current?.focus()
  }
  const box = useOutside<HTMLDivElement>(() => setOpen(false))
  return (
    <div className="menu" ref={box}>
      <button
        ref={button}
        type="button"
        className="button icon"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={label}
        title={label}
        onClick={() => setOpen(!open)}
      >
        {opener}
      </button>
      {open && <List label={label} items={items} side={side} close={close} />}
    </div>
  )
}

function List({ label, items, side, close }: Pick<Props, 'label' | 'items' | 'side'> & { close(): void }) {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => itemsOf(list.current)[0]?.focus(), [])
  return (
    <div
      ref={list}
      className={`popup ${side}`}
      role="menu"
      tabIndex={-1}
      aria-label={label}
      onKeyDown={(event) => moveThrough(event, close)}
    >
      {items.map(({ key, label: text, choose }) => (
        <button
          key={key}
          type="button"
          role="menuitem"
          className="item"
          onClick={() => {
            close()
            choose()
          }}
        >
          {text}
        </button>
      ))}
    </div>
  )
}

function itemsOf(list: HTMLElement | null) {
  return [...(list?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])]
}

function moveThrough(event: KeyboardEvent<HTMLElement>, close: () => void) {
  // From the button, so that the browser moves on from there.
  if (event.key === 'Tab') return close()
  const items = itemsOf(event.currentTarget)
  const at = items.findIndex((item) => item.matches(':focus'))
  if (event.key === 'Escape') close()
  else if (event.key === 'ArrowDown') items[(at + 1) % items.length]?.focus()
  else if (event.key === 'ArrowUp') items.at(at - 1)?.focus()
  else return
  event.stopPropagation()
  event.preventDefault()
}
