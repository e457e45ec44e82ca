import { useEffect, useRef } from 'react'
import type { Address } from '../address.ts'
import { Icon } from '../icon.tsx'
import { TourPanel } from '../tour/tour-panel.tsx'
import type { Tour } from '../tour/use-tour.ts'
import { say } from '../words.ts'
import { AboutPanel } from './about-panel.tsx'
import { RegistryPanel } from './registry-panel.tsx'
import { SlackbotPanel } from './slackbot-panel.tsx'
import { TrafficPanel } from './traffic-panel.tsx'

interface Props {
  which: string
  tour: Tour
  user: string
  /** The panel is covered. */
  isCovered: boolean
  go(change: Partial<Address>): void
}

const titles: Record<string, string> = {
  tour: 'Guided tour',
  slackbot: 'Ask Slackbot',
  registry: 'Registry',
  traffic: 'Traffic',
  about: 'About this sandbox',
}

/** A panel on the right. */
export function Panel({ which, tour, user, isCovered, go }: Props) {
  return (
    <aside className="panel" inert={isCovered} aria-label={say(titles[which] ?? '')}>
      <header className="channel-header">
        <Heading key={which} title={say(titles[which] ?? '')} />
        <button type="button" className="bar-button plain" aria-label={say('Close the panel')} onClick={() => go({ panel: '' })}>
          <Icon name="close" />
        </button>
      </header>
      <section className="panel-body" tabIndex={0} aria-label={say('{panel}, content', { panel: say(titles[which] ?? '') })}>
        {which === 'tour' && <TourPanel tour={tour} user={user} go={go} />}
        {which === 'slackbot' && <SlackbotPanel key={user} user={user} go={go} />}
        {which === 'registry' && <RegistryPanel />}
        {which === 'traffic' && <TrafficPanel />}
        {which === 'about' && <AboutPanel go={go} />}
      </section>
    </aside>
  )
}

/** Takes the focus if a person opened the panel, not if it was open from the start. */
function Heading({ title }: { title: string }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (document.activeElement !== document.body) heading.current?.focus()
  }, [])
  return (
    <h2 ref={heading} tabIndex={-1}>
      {title}
    </h2>
  )
}
