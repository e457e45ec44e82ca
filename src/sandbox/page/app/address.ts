import { createContext, useContext, useState } from 'react'

export interface Address {
  as: string
  /** A channel's id, or `home` for App Home. */
  in: string
  panel: string
  /** The message to show there, by its timestamp; empty for the newest. */
  at: string
}

const start: Address = { as: 'alice', in: 'general', panel: 'tour', at: '' }

function read(): Address {
  const asked = new URLSearchParams(location.search)
  // On a narrow screen a panel would hide the conversation before anybody has seen it.
  const panel = window.innerWidth < 900 ? '' : start.panel
  return { as: asked.get('as') ?? start.as, in: asked.get('in') ?? start.in, panel: asked.get('panel') ?? panel, at: asked.get('at') ?? '' }
}

/** Who somebody is and what they look at stands in the address, so that a window can be reloaded, bookmarked and doubled. */
export function useAddress(): [Address, (change: Partial<Address>) => void] {
  const [address, setAddress] = useState(read)
  const go = (change: Partial<Address>) => {
    const { at, ...place } = { ...address, at: '', ...change }
    const next = { ...place, at }
    history.replaceState(null, '', `?${new URLSearchParams(at ? next : place)}`)
    setAddress(next)
  }
  return [address, go]
}

type Visit = (channel: string) => ((at?: string) => void) | undefined

/** How to get to a channel; there is no way for who does not see it. */
export const VisitContext = createContext<Visit>(() => undefined)

export const useVisit = () => useContext(VisitContext)
