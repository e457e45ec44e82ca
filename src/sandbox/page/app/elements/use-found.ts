import { useEffect, useEffectEvent, useState } from 'react'
import type { PlainOption } from './surface.ts'

interface Found {
  options: PlainOption[]
  error?: string
}

const pause = 120

/** The results of a search, debounced; a late answer to an earlier query is dropped. */
export function useFound(query: string | undefined, find: (query: string) => Promise<Found>): Found & { searching: boolean } {
  const [found, setFound] = useState<Found & { query?: string }>({ options: [] })
  const ask = useEffectEvent(find)
  useEffect(() => {
    if (query === undefined) return
    let current = true
    const timer = setTimeout(
      () =>
        void ask(query).then((answer) => {
          if (current) setFound({ ...answer, query })
        }),
      query === '' ? 0 : pause,
    )
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [query])
  return { ...found, searching: found.query !== query }
}
