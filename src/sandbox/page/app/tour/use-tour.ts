import { useEffect } from 'react'
import { useRemembered } from '../remembered.ts'
import type { Screen } from '../types.ts'
import { steps } from './steps.ts'

const none: number[] = []

export interface Tour {
  done: number[]
  /** The first step that nobody has done; behind the last one when all are. */
  current: number
  again(): void
}

/** How far the tour is: seen on the screen of whoever plays, and shared by all windows. */
export function useTour(screen: Screen | undefined): Tour {
  const [done, setDone] = useRemembered<number[]>('tour', none)
  const current = [...steps.keys()].find((index) => !done.includes(index)) ?? steps.length
  useEffect(() => {
    // Steps build on each other: a build that failed long ago is not the one of the tour.
    if (screen && steps[current]?.seen(screen)) setDone((before) => [...new Set([...before, current])])
  }, [screen, current, setDone])
  return { done, current, again: () => setDone(none) }
}
