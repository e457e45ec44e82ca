import { useEffect, useEffectEvent } from 'react'
import { Blocks } from './blocks/blocks.tsx'
import { post } from './control.ts'
import { useKeptFocus } from './kept-focus.ts'
import type { Confirm, View } from './types.ts'
import { useViewSurface } from './view-surface.ts'
import { say } from './words.ts'

interface Props {
  user: string
  view: View | null
  /** Whether the bot is connected and can render it. */
  connected: boolean
  confirm(question: Confirm): Promise<boolean>
}

/** The bot's App Home. Opening it notifies the bot, which publishes it; after a restart of the sandbox the bot is notified again. */
export function Home({ user, view, connected, confirm }: Props) {
  const missing = connected && !view
  const kept = useKeptFocus<HTMLElement>()
  const open = useEffectEvent(() => void post('home', { user }))
  const openAgain = useEffectEvent(() => view && open())
  useEffect(() => void openAgain(), [])
  useEffect(() => {
    if (missing) open()
  }, [missing])
  return (
    <section className="channel home" aria-label={say('App Home')}>
      <header className="channel-header">
        <h2>{say('App Home')}</h2>
        <p>{say('What the bot shows you, and you alone')}</p>
      </header>
      <section {...kept} className="messages home-body" tabIndex={0} aria-label={say('Home')}>
        {view ? (
          <Drawn user={user} view={view} confirm={confirm} />
        ) : (
          <p className="empty">
            {say('The bot has not published App Home for')} {user} {say('yet.')}
          </p>
        )}
      </section>
    </section>
  )
}

function Drawn({ user, view, confirm }: Pick<Props, 'user' | 'confirm'> & { view: View }) {
  const { surface } = useViewSurface(user, view, confirm)
  return <Blocks blocks={view.blocks} surface={surface} />
}
