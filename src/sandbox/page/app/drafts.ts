import { useEffect, useEffectEvent, useState } from 'react'

const texts = new Map<string, string>()
const listeners = new Set<() => void>()
let handed: string | undefined

/** The place of a draft: a channel by its name, or a thread in it. */
export function draftPlace(user: string, channel: string, thread = '') {
  return `draft of ${user} in ${channel} ${thread}`
}

/** The text, not sent yet. */
export function draftAt(place: string) {
  return texts.get(place) ?? sessionStorage.getItem(place) ?? ''
}

/** Sets the text, whether its input line is visible or not. */
export function writeDraft(place: string, text: string) {
  texts.set(place, text)
  try {
    sessionStorage.setItem(place, text)
  } catch {
    // Longer than the browser stores: it lasts until the window is reloaded.
  }
  for (const listener of listeners) listener()
}

/** Sets the text for a person who may still change the place: the input line takes the focus when it appears. */
export function handDraft(place: string, text: string) {
  handed = place
  writeDraft(place, text)
}

/** The draft of a person in one place. As in Slack, it survives a change of place and a reload. */
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
