import { useEffect, useEffectEvent } from 'react'

const name = 'quaymaster:draft'

/** Puts a text into the line below the messages, ready to be sent. */
export function draft(text: string) {
  // After the conversation it belongs into has been drawn.
  setTimeout(() => window.dispatchEvent(new CustomEvent(name, { detail: text })), 80)
}

/** Takes such a text. */
export function useDraft(take: (text: string) => void) {
  const taken = useEffectEvent(take)
  useEffect(() => {
    const hear = (event: Event) => taken(String((event as CustomEvent<string>).detail)) // sent above
    window.addEventListener(name, hear)
    return () => window.removeEventListener(name, hear)
  }, [])
}
