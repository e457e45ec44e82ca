import { useEffect, useEffectEvent, useRef } from 'react'

/** Calls back when a press or the focus is outside of the element that has the returned ref. */
export function useOutside<Kind extends HTMLElement>(leave: () => void) {
  const box = useRef<Kind>(null)
  const left = useEffectEvent(leave)
  useEffect(() => {
    const hear = ({ target }: Event) => {
      if (target instanceof Node && box.current && !box.current.contains(target)) left()
    }
    document.addEventListener('pointerdown', hear)
    document.addEventListener('focusin', hear)
    return () => {
      document.removeEventListener('pointerdown', hear)
      document.removeEventListener('focusin', hear)
    }
  }, [])
  return box
}
