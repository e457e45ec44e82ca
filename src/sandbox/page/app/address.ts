import { createContext, useContext, useEffect, useEffectEvent, useState } from 'react'
import { narrow } from './narrow.ts'

export interface Address {
  as: string
  /** A channel's id, or `home` for App Home. */
  in: string
  panel: string
  /** The message to show there, by its timestamp; empty for the newest. */
  at: string
}

/** What can stand on the right, by its name in the address. */
export const panels: Record<string, string> = { tour: 'Tour', registry: 'Registry', traffic: 'Traffic', about: 'About' }

const start: Address = { as: 'alice', in: 'general', panel: 'tour', at: '' }

function read(): Address {
  const asked = new URLSearchParams(location.search)
  const panel = asked.get('panel')
  return {
    as: asked.get('as') ?? start.as,
    in: asked.get('in') ?? start.in,
    // On a narrow screen a panel would hide the conversation before anybody has seen it.
    panel: panel === '' || (panel && Object.hasOwn(panels, panel)) ? panel : narrow.matches ? '' : start.panel,
    at: asked.get('at') ?? '',
  }
}

function hrefOf({ at, ...place }: Address) {
  return `?${new URLSearchParams(at ? { ...place, at } : place)}`
}

type Change = Partial<Address>

/**
 * Who somebody is and what they look at stands in the address, so that a window can be reloaded, bookmarked and doubled.
 * Another channel or person is a step that the browser goes back over; what `correct` changes nobody has asked for.
 */
export function useAddress(): { address: Address; go(change: Change): void; correct(change: Change): void } {
  const [address, setAddress] = useState(read)
  const move = (change: Change, step: 'pushState' | 'replaceState') => {
    const next = { ...address, at: '', ...change }
    history[step](null, '', hrefOf(next))
    setAddress(next)
  }
  const goBack = useEffectEvent(() => {
    // A panel is no place: it stays as it is. The link that skips to the conversation is none either.
    const next = { ...read(), panel: address.panel }
    if (hrefOf(next) !== hrefOf(address)) move(next, 'replaceState')
  })
  useEffect(() => {
    const hear = () => goBack()
    window.addEventListener('popstate', hear)
    return () => window.removeEventListener('popstate', hear)
  }, [])
  return {
    address,
    go: (change) => {
      const { as, in: place } = { ...address, ...change }
      move(change, as === address.as && place === address.in ? 'replaceState' : 'pushState')
    },
    correct: (change) => move(change, 'replaceState'),
  }
}

type Visit = (channel: string) => ((at?: string) => void) | undefined

/** How to get to a channel; there is no way for who does not see it. */
export const VisitContext = createContext<Visit>(() => undefined)

export const useVisit = () => useContext(VisitContext)
