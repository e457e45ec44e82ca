import { type FocusEvent, useEffect, useRef } from 'react'

/**
 * The focused element may vanish when the bot updates its message, such as the button of an approval. Then the container gets the
 * focus, so that a keyboard user continues there and not at the beginning of the page. Returns attributes of the container.
 */
export function useKeptFocus<Whole extends HTMLElement>() {
  const ref = useRef<Whole>(null)
  const isInside = useRef(false)
  useEffect(() => {
    const whole = ref.current
    if (!whole || !isInside.current || document.activeElement !== document.body) return
    if (whole.tabIndex < 0) whole.tabIndex = -1 // an element without a tabindex cannot have the focus
    whole.focus({ preventScroll: true })
  })
  return {
    ref,
    onFocus: () => {
      isInside.current = true
    },
    // A blur by removal of the focused element does not count as leaving.
    onBlur: ({ target }: FocusEvent) => {
      isInside.current = !target.isConnected
    },
  }
}
