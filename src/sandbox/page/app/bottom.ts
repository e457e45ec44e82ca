import { useEffect, useEffectEvent, useRef } from 'react'

// Pixels from the end within which a reader counts as reading the newest message.
const near = 80

/** Keeps the end of a list in view while it grows, unless a person has scrolled up. Returns the ref of the list. */
export function useBottom(count: number) {
  const list = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  const toEnd = () => {
    const box = list.current
    if (box && isAtEnd.current) box.scrollTop = box.scrollHeight
  }
  useEffect(() => {
    const box = list.current
    if (!box) return
    let top = box.scrollTop
    const hear = () => {
      const isNear = box.scrollHeight - box.scrollTop - box.clientHeight < near
      // Only scrolling up leaves the end, because a message may arrive after our own scrolling down.
      isAtEnd.current = isNear || (isAtEnd.current && box.scrollTop >= top)
      top = box.scrollTop
    }
    box.addEventListener('scroll', hear, { passive: true })
    return () => box.removeEventListener('scroll', hear)
  }, [])
  const grown = useEffectEvent(toEnd)
  // A new message, or a card that grows when it is edited.
  useEffect(() => {
    const box = list.current
    if (!box || count === 0) return
    const watch = new ResizeObserver(() => grown())
    for (const child of box.children) watch.observe(child)
    return () => watch.disconnect()
  }, [count])
  /** Scrolls to the end after the person's own action, wherever they are. */
  const follow = () => {
    isAtEnd.current = true
    toEnd()
  }
  /** Scrolls to one message instead, for a link to it. */
  const show = (ts: string) => {
    const message = list.current?.querySelector<HTMLElement>(`[data-ts="${CSS.escape(ts)}"]`)
    if (!message) return
    isAtEnd.current = false
    message.scrollIntoView({ block: 'center' })
    message.focus()
  }
  return { list, follow, show }
}
