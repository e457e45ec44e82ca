import { useEffect, useEffectEvent } from 'react'
import { useAddress, VisitContext } from './address.ts'
import { useAnnounce } from './announce.tsx'
import { NowContext } from './blocks/dates.ts'
import { Conversation } from './conversation.tsx'
import { useDrawer } from './drawer.ts'
import { useConfirm } from './elements/confirm-dialog.tsx'
import { Home } from './home.tsx'
import { useScreen } from './live.ts'
import { Modal } from './modal.tsx'
import { useNarrow } from './narrow.ts'
import { Panel } from './panels/panel.tsx'
import { Sidebar } from './sidebar.tsx'
import { TopBar } from './top-bar.tsx'
import { useTour } from './tour/use-tour.ts'
import type { Screen } from './types.ts'
import { useUnread } from './unread.ts'
import { say, speakTo } from './words.ts'

/** The whole page: the person on the left, their view in the middle, registry, traffic and tour on the right. */
export function App({ toggleTheme }: { toggleTheme: () => void }) {
  const { address, go, correct } = useAddress()
  const { value: screen, lost, missing } = useScreen(address.as)
  const drawer = useDrawer()
  // On a narrow screen the panel covers the conversation, and the drawer covers both. The focus stays out of covered parts.
  const isCovered = useNarrow() && (drawer.open || address.panel !== '')
  const { confirm, dialog } = useConfirm()
  const tour = useTour(screen)
  const shown = screen?.channels.find(({ id, name }) => id === address.in || name === address.in)
  const unread = useUnread(screen, address.in === 'home' ? undefined : shown?.id)
  const view = screen?.views.at(-1)
  useTitle(screen, unread)
  // A new person may not be a member of the previous channel.
  useEffect(() => {
    if (screen && !shown && address.in !== 'home') correct({ in: screen.channels[0]?.id ?? 'home' })
  })
  useSomebody(missing, address.as, (as) => correct({ as }))
  const choose = (change: Parameters<typeof go>[0]) => {
    // The URL may have the name of the open channel; going to it again is not a step.
    go(change.in === shown?.id ? { ...change, in: address.in } : change)
    drawer.close()
  }
  speakTo(screen?.locale)
  const now = screen?.now ?? Date.now()
  const connected = !lost && (screen?.connections ?? 0) > 0
  const visit = (channel: string) =>
    screen?.channels.some(({ id }) => id === channel) ? (at = '') => choose({ in: channel, at }) : undefined
  return (
    <VisitContext value={visit}>
      <NowContext value={now}>
        <div className={`page${drawer.open ? ' drawer-open' : ''}${address.panel ? ' panel-open' : ''}`}>
          {!isCovered && (
            <a className="skip" href="#conversation">
              {say('Skip to the conversation')}
            </a>
          )}
          <TopBar
            connected={connected}
            panel={address.panel}
            go={choose}
            toggleTheme={toggleTheme}
            toggleDrawer={drawer.toggle}
            drawer={drawer.open}
          />
          {lost && screen && (
            <p className="lost" role="alert">
              {say('The sandbox does not answer: this is what it showed last. Start it again with')} <code>npm start</code>.
            </p>
          )}
          <Sidebar address={address} screen={screen} unread={unread} list={drawer.list} go={choose} close={drawer.close} />
          <main
            id="conversation"
            tabIndex={-1}
            inert={isCovered}
            aria-label={address.in === 'home' ? say('App Home') : say('Conversation')}
          >
            {screen && address.in === 'home' && (
              <Home key={screen.user} user={screen.user} view={screen.home} connected={connected} confirm={confirm} />
            )}
            {screen && address.in !== 'home' && shown && (
              <Conversation key={`${screen.user} ${shown.id}`} user={screen.user} channel={shown} address={address} confirm={confirm} />
            )}
            {!screen && (
              <p className="loading">{lost ? say('The sandbox does not answer. Start it again with npm start.') : say('Loading…')}</p>
            )}
          </main>
          {address.panel && <Panel which={address.panel} isCovered={drawer.open} go={choose} tour={tour} user={address.as} />}
          {screen && view && <Modal key={view.id} user={screen.user} view={view} depth={depthOf(screen)} confirm={confirm} />}
          {dialog}
        </div>
      </NowContext>
    </VisitContext>
  )
}

const depthOf = ({ views }: Screen) => views.length

/** Replaces a person who does not exist, as after a typing error in the URL, by one who does. */
function useSomebody(missing: boolean, name: string, become: (name: string) => void) {
  const announce = useAnnounce()
  const becomeAlice = useEffectEvent(() => {
    announce(`There is nobody called ${name} here. You are alice now.`, 'problem')
    become('alice')
  })
  useEffect(() => {
    if (missing) becomeAlice()
  }, [missing])
}

function useTitle(screen: Screen | undefined, unread: Record<string, number>) {
  const waiting = Object.values(unread).reduce((sum, one) => sum + one, 0)
  useEffect(() => {
    document.title = `${waiting > 0 ? `(${waiting}) ` : ''}${screen?.user ?? ''} · Quaymaster sandbox`
  }, [screen?.user, waiting])
}
