import { useEffect, useEffectEvent, useRef } from 'react'

// Nearer than this to its end, somebody reads the newest and wants to go on doing so.
const near = 80

/** Keeps the end of a list in sight while it grows, unless somebody has scrolled up to read. For the list's own ref. */
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
      // Only who scrolls up leaves the end: something may have come since our own scrolling down.
      isAtEnd.current = isNear || (isAtEnd.current && box.scrollTop >= top)
      top = box.scrollTop
    }
    box.addEventListener('scroll', hear, { passive: true })
    return () => box.removeEventListener('scroll', hear)
  }, [])
  const grown = useEffectEvent(toEnd)
  // A message that comes, and a card that grows when it is edited in place.
  useEffect(() => {
    const box = list.current
    if (!box || count === 0) return
    const watch = new ResizeObserver(() => grown())
    for (const child of box.children) watch.observe(child)
    return () => watch.disconnect()
  }, [count])
  /** After something of one's own: what comes of it is worth seeing, wherever one has scrolled to. */
  const follow = () => {
    isAtEnd.current = true
    toEnd()
  }
  /** Goes to one message instead, as a link to it does. */
  const show = (ts: string) => {
    const message = list.current?.querySelector<HTMLElement>(`[data-ts="${CSS.escape(ts)}"]`)
    if (!message) return
    isAtEnd.current = false
    message.scrollIntoView({ block: 'center' })
    message.focus()
  }
  return { list, follow, show }
}
