import { createContext, useContext, useEffect, useEffectEvent, useState } from 'react'
import { narrow } from './narrow.ts'

export interface Address {
  as: string
  /** A channel's id, or `home` for App Home. */
  in: string
  panel: string
  /** The message to show, by its timestamp; empty for the newest. */
  at: string
}

/** The panels on the right, by their names in the URL. */
export const panels: Record<string, string> = {
  tour: 'Tour',
  slackbot: 'Slackbot',
  registry: 'Registry',
  traffic: 'Traffic',
  about: 'About',
}

const start: Address = { as: 'alice', in: 'general', panel: 'tour', at: '' }

function read(): Address {
  const asked = new URLSearchParams(location.search)
  const panel = asked.get('panel')
  return {
    as: asked.get('as') ?? start.as,
    in: asked.get('in') ?? start.in,
    // On a narrow screen a panel would hide the conversation from a first visitor.
    panel: panel === '' || (panel && Object.hasOwn(panels, panel)) ? panel : narrow.matches ? '' : start.panel,
    at: asked.get('at') ?? '',
  }
}

function hrefOf({ at, ...place }: Address) {
  return `?${new URLSearchParams(at ? { ...place, at } : place)}`
}

type Change = Partial<Address>

/**
 * The URL names the person and the place, so that a window can be reloaded, bookmarked and duplicated. Another channel or person
 * is a step in the browser's history; changes by `correct` are not, because nobody asked for them.
 */
export function useAddress(): { address: Address; go(change: Change): void; correct(change: Change): void } {
  const [address, setAddress] = useState(read)
  const move = (change: Change, step: 'pushState' | 'replaceState') => {
    const next = { ...address, at: '', ...change }
    history[step](null, '', hrefOf(next))
    setAddress(next)
  }
  const goBack = useEffectEvent(() => {
    // A panel is not a place, so it stays open. Neither is the link that skips to the conversation.
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

/** The link to a channel; undefined for a person who cannot see it. */
export const VisitContext = createContext<Visit>(() => undefined)

export const useVisit = () => useContext(VisitContext)
