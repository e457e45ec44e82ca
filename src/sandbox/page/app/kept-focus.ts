import { type FocusEvent, useEffect, useRef } from 'react'

/**
 * What has the focus may go when the bot redraws what it stands in, as the button of an approval does: the whole has it then, so
 * that whoever uses the keyboard goes on from there instead of from the beginning of the page. For the whole's own attributes.
 */
export function useKeptFocus<Whole extends HTMLElement>() {
  const ref = useRef<Whole>(null)
  const isInside = useRef(false)
  useEffect(() => {
    const whole = ref.current
    if (!whole || !isInside.current || document.activeElement !== document.body) return
    if (whole.tabIndex < 0) whole.tabIndex = -1 // said by nobody yet, it could not have the focus
    whole.focus({ preventScroll: true })
  })
  return {
    ref,
    onFocus: () => {
      isInside.current = true
    },
    // Of what was taken away nobody has moved the focus.
    onBlur: ({ target }: FocusEvent) => {
      isInside.current = !target.isConnected
    },
  }
}
