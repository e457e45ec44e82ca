import { useEffect, useRef } from 'react'

/** Opens a dialog over everything; when it goes, whatever had the focus before has it again. */
export function useDialog() {
  const box = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const before = document.activeElement
    box.current?.showModal()
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  return box
}
