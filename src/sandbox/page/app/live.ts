import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { get } from './control.ts'
import type { Screen } from './types.ts'

type Heard = 'slack' | 'quay'

const listeners = new Set<(what: Heard) => void>()

/** One stream for the whole window, because browsers allow six connections; a hidden window closes it. */
export function listen() {
  let stream: EventSource | undefined
  const tell = (what: Heard) => {
    for (const listener of listeners) listener(what)
  }
  const open = () => {
    stream?.close()
    stream = undefined
    if (document.hidden) return
    stream = new EventSource('/_control/events')
    for (const what of ['slack', 'quay'] as const) stream.addEventListener(what, () => tell(what))
    // The browser reconnects by itself; a read shows at once whether the sandbox is gone.
    stream.addEventListener('error', () => tell('slack'))
  }
  document.addEventListener('visibilitychange', open)
  window.addEventListener('pagehide', () => stream?.close())
  open()
}

interface Live<Shape> {
  value: Shape | undefined
  /** There is no answer at all. */
  lost: boolean
  /** The answer says that the object does not exist. */
  missing: boolean
  look(): void
}

/** Reads again after every change, one read at a time, and never shows an answer older than the last. */
export function useLive<Shape>(path: string, when: Heard[]): Live<Shape> {
  const [state, setState] = useState<{ path: string; value: Shape }>()
  const [trouble, setTrouble] = useState<'lost' | 'missing'>()
  const busy = useRef<{ path: string; again: boolean }>(undefined)
  const look = () => {
    if (busy.current?.path === path) {
      busy.current.again = true
      return
    }
    const turn = { path, again: false }
    busy.current = turn
    get<Shape>(path)
      .then((value) => {
        if (busy.current !== turn) return
        setState({ path, value })
        setTrouble(undefined)
      })
      .catch(({ cause }: Error) => {
        if (busy.current === turn) setTrouble(cause === 404 ? 'missing' : 'lost')
      })
      .finally(() => {
        if (busy.current !== turn) return
        busy.current = undefined
        if (turn.again) look()
      })
  }
  const lookAgain = useEffectEvent((what?: Heard) => {
    if (!what || when.includes(what)) look()
  })
  useEffect(() => {
    if (path) lookAgain()
  }, [path])
  useEffect(() => {
    const hear = (what: Heard) => lookAgain(what)
    listeners.add(hear)
    return () => void listeners.delete(hear)
  }, [])
  return { value: state?.path === path ? state.value : undefined, lost: trouble === 'lost', missing: trouble === 'missing', look }
}

/** What the person sees, kept up to date. */
export function useScreen(user: string) {
  return useLive<Screen>(`screen?user=${encodeURIComponent(user)}`, ['slack'])
}
