import { useSyncExternalStore } from 'react'

/** Where a panel and the list of channels lie over the conversation; the same width as in narrow.css. */
export const narrow = window.matchMedia('(max-width: 900px)')

function subscribe(hear: () => void) {
  narrow.addEventListener('change', hear)
  return () => narrow.removeEventListener('change', hear)
}

/** Whether the window is so narrow, or its text so large. */
export const useNarrow = () => useSyncExternalStore(subscribe, () => narrow.matches)
