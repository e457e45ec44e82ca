import { useEffect, useRef } from 'react'
import type { Address } from '../address.ts'
import { TourPanel } from '../tour/tour-panel.tsx'
import type { Tour } from '../tour/use-tour.ts'
import { AboutPanel } from './about-panel.tsx'
import { RegistryPanel } from './registry-panel.tsx'
import { TrafficPanel } from './traffic-panel.tsx'

interface Props {
  which: string
  tour: Tour
  user: string
  go(change: Partial<Address>): void
}

const titles: Record<string, string> = { tour: 'Guided tour', registry: 'Registry', traffic: 'Traffic', about: 'About this sandbox' }

/** What stands on the right. */
export function Panel({ which, tour, user, go }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  const first = useRef(true)
  useEffect(() => {
    if (!first.current) heading.current?.focus()
    first.current = false
  }, [which])
  return (
    <aside className="panel" aria-label={titles[which]}>
      <header className="channel-header">
        <h2 ref={heading} tabIndex={-1}>
          {titles[which]}
        </h2>
        <button type="button" className="bar-button plain" aria-label="Close the panel" onClick={() => go({ panel: '' })}>
          ×
        </button>
      </header>
      <div className="panel-body" tabIndex={0} role="region" aria-label={`${titles[which]}, content`}>
        {which === 'tour' && <TourPanel tour={tour} user={user} go={go} />}
        {which === 'registry' && <RegistryPanel />}
        {which === 'traffic' && <TrafficPanel />}
        {which === 'about' && <AboutPanel go={go} />}
      </div>
    </aside>
  )
}
