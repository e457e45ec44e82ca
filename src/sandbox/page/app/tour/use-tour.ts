import { useEffect } from 'react'
import { useRemembered } from '../remembered.ts'
import type { Screen } from '../types.ts'
import { isDone, type Step, stepsOf } from './steps.ts'

interface Progress {
  /** The sandbox of this progress; another one ignores it. */
  world: number
  /** When each started step began, by the sandbox's clock. */
  begun: number[]
  /** The number of the round. */
  round: number
}

const none: Progress = { world: 0, begun: [0], round: 1 }

export interface Tour {
  steps: Step[]
  /** The first step that is not done; after the last one if all are. */
  current: number
  again(): void
}

/** The progress of the tour, read from the screen and shared by all windows. */
export function useTour(screen: Screen | undefined): Tour {
  const [kept, setKept] = useRemembered('progress of the tour', none)
  const isNewWorld = screen !== undefined && screen.world > kept.world
  const { begun, round } = isNewWorld ? none : kept
  useEffect(() => {
    if (!screen) return
    const { world, now } = screen
    // Another window may be first. A hidden one has old data and must not overwrite the progress.
    if (isNewWorld) setKept((before) => (world > before.world ? { ...none, world, begun: [now] } : before))
    else if (world === kept.world && isDone(screen, stepsOf(kept.round), kept.begun)) {
      setKept((before) => (isSame(before, kept) ? { ...kept, begun: [...kept.begun, now] } : before))
    }
  }, [screen, isNewWorld, kept, setKept])
  const steps = stepsOf(round)
  return {
    steps,
    current: Math.min(begun.length - 1, steps.length),
    again: () => screen && setKept({ world: screen.world, begun: [screen.now], round: round + 1 }),
  }
}

function isSame(one: Progress, other: Progress) {
  return one.world === other.world && one.begun.join() === other.begun.join()
}
