import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { giveBack } from './elements/give-back.ts'
import { useNarrow } from './narrow.ts'

/**
 * The list of channels, where it lies over the conversation: opened, it takes the focus to the channel one is in. Escape closes it,
 * and the focus goes back to where it was.
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
      // Whoever has opened a panel instead is there by now.
      const isLost = activeElement === document.body || box.contains(activeElement)
      if (isLost) giveBack(before)
    }
  }, [open])
  return { open, list, close: () => setAsked(false), toggle: () => setAsked(!open) }
}
