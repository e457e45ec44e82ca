import { useEffect, useRef } from 'react'
import { giveBack } from './give-back.ts'

/** Opens a dialog over everything; when it goes, whatever had the focus before has it again. */
export function useDialog() {
  const box = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const before = document.activeElement
    box.current?.showModal()
    return () => void giveBack(before)
  }, [])
  return box
}
