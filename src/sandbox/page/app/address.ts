import { useState } from 'react'

export interface Address {
  as: string
  /** A channel's id, or `home` for App Home. */
  in: string
  panel: string
}

const start: Address = { as: 'alice', in: 'general', panel: 'tour' }

function read(): Address {
  const asked = new URLSearchParams(location.search)
  // On a narrow screen a panel would hide the conversation before anybody has seen it.
  const panel = window.innerWidth < 900 ? '' : start.panel
  return { as: asked.get('as') ?? start.as, in: asked.get('in') ?? start.in, panel: asked.get('panel') ?? panel }
}

/** Who somebody is and what they look at stands in the address, so that a window can be reloaded, bookmarked and doubled. */
export function useAddress(): [Address, (change: Partial<Address>) => void] {
  const [address, setAddress] = useState(read)
  const go = (change: Partial<Address>) => {
    const next = { ...address, ...change }
    history.replaceState(null, '', `?${new URLSearchParams({ ...next })}`)
    setAddress(next)
  }
  return [address, go]
}
