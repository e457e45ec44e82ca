import { useEffect, useRef } from 'react'
import { giveBack } from './give-back.ts'

/** Opens a modal dialog; when it closes, the focus returns to where it was. */
export function useDialog() {
  const box = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const before = document.activeElement
    box.current?.showModal()
    return () => void giveBack(before)
  }, [])
  return box
}
