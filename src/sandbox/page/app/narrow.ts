import { useSyncExternalStore } from 'react'

/** The width below which a panel and the list of channels cover the conversation; the same as in narrow.css. */
export const narrow = window.matchMedia('(max-width: 900px)')

function subscribe(hear: () => void) {
  narrow.addEventListener('change', hear)
  return () => narrow.removeEventListener('change', hear)
}

/** Whether the window is that narrow, or its text that large. */
export const useNarrow = () => useSyncExternalStore(subscribe, () => narrow.matches)
