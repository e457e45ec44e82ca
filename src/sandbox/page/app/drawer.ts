import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { giveBack } from './elements/give-back.ts'
import { useNarrow } from './narrow.ts'

/**
 * The list of channels where it covers the conversation. Opening moves the focus to the present channel; Escape closes it and
 * returns the focus.
 */
export function useDrawer() {
  const [asked, setAsked] = useState(false)
  const isNarrow = useNarrow()
  const list = useRef<HTMLElement>(null)
  const open = asked && isNarrow
  const hear = useEffectEvent(({ key }: KeyboardEvent) => key === 'Escape' && setAsked(false))
  useEffect(() => {
    const box = list.current
    if (!open || !box) return
    const before = document.activeElement
    const entry = box.querySelector<HTMLElement>('[aria-current]') ?? box.querySelector<HTMLElement>('button')
    entry?.focus()
    const onKeyDown = (event: KeyboardEvent) => hear(event)
    document.addEventListener('keydown', onKeyDown)
    return () => {
      document.removeEventListener('keydown', onKeyDown)
      const { activeElement } = document
      // If a panel was opened instead, the focus is there.
      const isLost = activeElement === document.body || box.contains(activeElement)
      if (isLost) giveBack(before)
    }
  }, [open])
  return { open, list, close: () => setAsked(false), toggle: () => setAsked(!open) }
}
