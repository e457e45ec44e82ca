import { useEffect, useEffectEvent, useState } from 'react'

const texts = new Map<string, string>()
const listeners = new Set<() => void>()
let handed: string | undefined

/** Where somebody writes: a channel by its name, or a thread in it. */
export function draftPlace(user: string, channel: string, thread = '') {
  return `draft of ${user} in ${channel} ${thread}`
}

/** What stands there, not sent yet. */
export function draftAt(place: string) {
  return texts.get(place) ?? sessionStorage.getItem(place) ?? ''
}

/** Writes it there, whether its line is on the screen or not. */
export function writeDraft(place: string, text: string) {
  texts.set(place, text)
  try {
    sessionStorage.setItem(place, text)
  } catch {
    // Longer than the browser keeps: it lasts until the window is reloaded.
  }
  for (const listener of listeners) listener()
}

/** Writes it for somebody who may only be on the way there: the line takes the focus as soon as it is on the screen. */
export function handDraft(place: string, text: string) {
  handed = place
  writeDraft(place, text)
}

/** What somebody has begun to write in one place, kept as Slack keeps it: when they look elsewhere, and when they reload. */
export function useDraft(place: string, taken: () => void) {
  const [text, setText] = useState(() => draftAt(place))
  const hear = useEffectEvent(() => {
    setText(draftAt(place))
    if (handed !== place) return
    handed = undefined
    taken()
  })
  useEffect(() => {
    const listener = () => hear()
    listener()
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }, [])
  return text
}
